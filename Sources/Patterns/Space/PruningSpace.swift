public import ModelGraph

/// A prunable unit, which takes one decision of a strategy.
public struct PrunableUnit: Hashable, Sendable {
  /// The weights or channels that a unit prunes.
  public enum Target: Hashable, Sendable {
    /// Single weights of the convolution or linear layer at this node, the first one that uses them: taps, tiles.
    case weights(node: Int)
    /// The channels of this coupled group.
    case channels(group: Int)
  }

  /// The kind of a unit's choices.
  public enum Kind: String, Hashable, Sendable {
    /// The taps of kernels.
    case taps
    /// The weights of a layer without kernels.
    case weights
    /// The channels of feature maps.
    case channels
    /// The features between linear layers.
    case neurons
    /// The heads of attention.
    case heads
  }

  /// Unique: the name of the node, or of the group's first producer, with the kind: `conv1.taps`.
  public let name: String
  /// The weights or channels that it prunes.
  public let target: Target
  /// The kind of its choices: taps, weights, channels, neurons or heads.
  public let kind: Kind
  /// The choices legal for it, dense first.
  public let menu: [Pattern]
}

/// Every decision that can be taken for a model, and what each costs.
///
/// Legal by construction: whatever choices are made for the units, the strategy applies.
///
///     let space = PruningSpace(file.model.graph)
///     var strategy = Strategy(denseFor: space)
///     strategy.choices[0] = space.units[0].menu[1]
///     let saved = space.denseCost.macs - space.cost(of: strategy).macs
public struct PruningSpace: Sendable {
  /// The graph of the dense model.
  public let graph: Graph
  /// The engine that the menus are for.
  public let engine: TargetEngine
  /// Which filters of a convolution have one mask.
  public let sharing: MaskSharing
  /// Its coupled channels.
  public let groups: ChannelGroups
  /// In the order of their first node.
  public let units: [PrunableUnit]
  /// For each node the unit that prunes its weights, if any.
  public let weightUnit: [Int?]
  /// For each unit the nodes whose cost depends on it, ascending.
  public let nodesOfUnit: [[Int]]
  /// For each group the unit that removes its channels, if any.
  package let unitOfGroup: [Int?]

  /// The units of `graph` with menus from `library`, as far as they pay on `engine`.
  public init(
    _ graph: Graph, library: PatternLibrary = .standard, engine: TargetEngine = .native,
    sharing: MaskSharing = .standard
  ) {
    let library = library.offered(on: engine)
    self.graph = graph
    self.engine = engine
    self.sharing = sharing
    let groups = ChannelGroups(graph)
    self.groups = groups
    var units: [PrunableUnit] = []
    var weightUnit = [Int?](repeating: nil, count: graph.nodes.count)
    var unitOfGroup = [Int?](repeating: nil, count: groups.groups.count)
    // A weight is one decision, however many nodes use it.
    var nodeOfWeight: [String: Int] = [:]
    func add(
      _ node: Int, _ kind: PrunableUnit.Kind, _ target: PrunableUnit.Target, _ menu: [Pattern]
    ) -> Int? {
      guard menu.count > 1 else { return nil }
      units.append(
        PrunableUnit(
          name: "\(graph.nodes[node].name).\(kind)", target: target, kind: kind, menu: menu))
      return units.count - 1
    }
    for index in graph.nodes.indices {
      for (number, group) in groups.groups.enumerated() where group.producers.first == index {
        unitOfGroup[number] = add(
          index, group.kind.unit, .channels(group: number), library.menu(for: group))
      }
      guard let shape = graph.weightShape(of: index), shape.kernel.area <= TapMask.maximumTaps
      else { continue }
      let weight = graph.parameters(of: index)[0].name
      if let first = nodeOfWeight[weight] {
        weightUnit[index] = weightUnit[first]
        continue
      }
      nodeOfWeight[weight] = index
      weightUnit[index] = add(
        index, shape.kernel.area > 1 ? .taps : .weights, .weights(node: index),
        library.menu(for: shape))
    }
    self.units = units
    nodesOfUnit = units.enumerated().map { number, unit in
      switch unit.target {
      case .weights: weightUnit.indices.filter { weightUnit[$0] == number }
      case .channels(let group):
        Set(groups.groups[group].members + groups.groups[group].consumers).sorted()
      }
    }
    self.weightUnit = weightUnit
    self.unitOfGroup = unitOfGroup
  }

  /// The units that a change at node `index` is about: its weights, its output channels.
  public func units(of index: Int) -> [Int] {
    [weightUnit[index]].compactMap { $0 }
      + groups.groups(inNode: index).compactMap { unitOfGroup[$0] }
  }

  /// The unit of that name.
  public func unit(named name: String) -> Int? {
    units.firstIndex { $0.name == name }
  }

  /// How many of its taps, inputs, channels or heads unit `index` keeps under a pattern.
  public func kept(_ pattern: Pattern, of index: Int) -> (kept: Int, of: Int) {
    switch units[index].target {
    case .weights(let node):
      guard let shape = graph.weightShape(of: node) else { return (0, 0) }
      return pattern.keptTaps(of: shape.kernel).map {
        shape.kernel.area == 1 ? (shape.inputs, shape.inputs) : ($0, shape.kernel.area)
      } ?? (pattern.keptInputs(of: shape.inputs), shape.inputs)
    case .channels(let group):
      let group = groups.groups[group]
      return (pattern.keptChannels(of: group), group.channels)
    }
  }

  /// Whether `pattern`, on the menu or not, can be chosen for unit `index`.
  public func allows(_ pattern: Pattern, for index: Int) -> Bool {
    switch units[index].target {
    case .weights(let node): graph.weightShape(of: node).map(pattern.fits) ?? false
    case .channels(let group): pattern.fits(groups.groups[group])
    }
  }
}

extension ChannelGroup.Kind {
  /// The kind of unit that decides on such channels.
  fileprivate var unit: PrunableUnit.Kind {
    switch self {
    case .filters: .channels
    case .neurons: .neurons
    case .heads: .heads
    }
  }
}
