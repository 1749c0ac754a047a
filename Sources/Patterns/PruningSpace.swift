public import ModelGraph

/// What takes one decision of a strategy.
public struct PrunableUnit: Hashable, Sendable {
  /// What a unit prunes.
  public enum Target: Hashable, Sendable {
    /// The taps of the convolution at this node.
    case taps(node: Int)
    /// The channels of this coupled group.
    case channels(group: Int)
  }

  /// Unique: the node's name with `.taps`, or the group's first producer with `.channels`.
  public let name: String
  /// What it prunes.
  public let target: Target
  /// The choices legal for it, dense first.
  public let menu: [Pattern]
}

/// Every decision that can be taken for a model, and what each costs.
///
/// Legal by construction: whatever choices are made for the units, the strategy applies.
public struct PruningSpace: Sendable {
  /// The graph of the dense model.
  public let graph: Graph
  /// Its coupled channels.
  public let groups: ChannelGroups
  /// In the order of their first node.
  public let units: [PrunableUnit]
  /// For each node the unit that prunes its taps, if any.
  public let tapUnit: [Int?]
  /// For each node the unit that prunes its output channels, if any.
  public let channelUnit: [Int?]

  /// The units of `graph` with menus from `library`.
  public init(_ graph: Graph, library: PatternLibrary = .standard) {
    self.graph = graph
    let groups = ChannelGroups(graph)
    self.groups = groups
    var units: [PrunableUnit] = []
    var tapUnit = [Int?](repeating: nil, count: graph.nodes.count)
    var unitOfGroup: [Int: Int] = [:]
    func add(_ name: String, _ target: PrunableUnit.Target, _ menu: [Pattern]) -> Int? {
      guard menu.count > 1 else { return nil }
      units.append(PrunableUnit(name: name, target: target, menu: menu))
      return units.count - 1
    }
    for (index, node) in graph.nodes.enumerated() {
      let group = groups.groupOfNode[index]
      if groups.groups[group].isPrunable, groups.groups[group].producers.first == index {
        unitOfGroup[group] = add(
          node.name + ".channels", .channels(group: group),
          library.menu(forChannels: groups.groups[group].channels))
      }
      if case .convolution(let conv) = node.op, conv.kernel.area <= TapMask.maximumTaps {
        tapUnit[index] = add(
          node.name + ".taps", .taps(node: index), library.menu(forKernel: conv.kernel))
      }
    }
    self.units = units
    self.tapUnit = tapUnit
    channelUnit = groups.groupOfNode.map { unitOfGroup[$0] }
  }

  /// The units that a change at node `index` is about: its taps, its output channels.
  public func units(of index: Int) -> [Int] {
    [tapUnit[index], channelUnit[index]].compactMap { $0 }
  }

  /// The unit of that name.
  public func unit(named name: String) -> Int? {
    units.firstIndex { $0.name == name }
  }

  /// Whether `pattern`, on the menu or not, can be chosen for unit `index`.
  public func allows(_ pattern: Pattern, for index: Int) -> Bool {
    switch units[index].target {
    case .taps(let node):
      guard case .convolution(let conv) = graph.nodes[node].op else { return false }
      return pattern.keptTaps(of: conv.kernel) != nil
    case .channels(let group):
      return pattern.keptChannels(of: groups.groups[group].channels) != nil
    }
  }
}
