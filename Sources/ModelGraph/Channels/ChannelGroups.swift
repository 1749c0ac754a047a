/// The dependencies among the channels of a graph: what can only be pruned together.
///
/// Whichever channels of whichever groups go, the rest is a network again, and it computes what the
/// whole one computes when the weights that read those channels are zero.
public struct ChannelGroups: Hashable, Sendable {
  /// Every group that can lose channels, in the order of its first producer.
  public let groups: [ChannelGroup]
  /// For each node the channels in its output; nil if none of it can go.
  public let maps: [ChannelMap?]

  /// How often the channels of one part of a group stand along a node's axis.
  struct PartCount: Hashable, Sendable {
    let group: Int
    let part: Int
    let indicesPerChannel: Int
  }
  /// For each node the parts in its output.
  private let partCounts: [[PartCount]]
  /// For each node the indices of its axis that always stay.
  private let fixedCounts: [Int]

  /// Finds the groups of `graph` in one pass over its nodes.
  public init(_ graph: Graph) {
    var tracing = ChannelTracing(graph)
    tracing.run()
    self.init(graph, tracing)
  }

  private init(_ graph: Graph, _ tracing: ChannelTracing) {
    var tracing = tracing
    // A group is numbered by its first channel, a channel by the first node that holds it.
    var numbers: [Int: Channel] = [:]
    var groupNumbers: [Int: Int] = [:]
    var counts: [Int] = []
    let maps = tracing.labels.map { labels -> ChannelMap? in
      guard let labels else { return nil }
      let channels = labels.elements.map { element -> Channel? in
        let root = tracing.elements.root(of: element)
        if tracing.isFixed(root) { return nil }
        if let known = numbers[root] { return known }
        let group = tracing.groups.root(of: tracing.producer[root])
        if groupNumbers[group] == nil {
          groupNumbers[group] = counts.count
          counts.append(0)
        }
        let number = groupNumbers[group] ?? 0
        let channel = Channel(group: number, index: counts[number])
        counts[number] += 1
        numbers[root] = channel
        return channel
      }
      return channels.allSatisfy { $0 == nil }
        ? nil : ChannelMap(axis: labels.axis, channels: channels)
    }
    self.maps = maps

    let memberships = Self.memberships(maps, counts: counts)
    let parts = memberships.map(Self.parts)
    groups = counts.indices.map { group in
      ChannelGroup(
        graph, maps, group: group, channels: counts[group], parts: parts[group],
        members: Set(parts[group].flatMap { memberships[group][$0[0]].map(\.node) }).sorted())
    }
    partCounts = maps.indices.map { node in
      parts.indices.flatMap { group in
        parts[group].enumerated().compactMap { part, channels in
          memberships[group][channels[0]].first { $0.node == node }.map {
            PartCount(group: group, part: part, indicesPerChannel: $0.indices)
          }
        }
      }
    }
    fixedCounts = maps.map { $0?.channels.count { $0 == nil } ?? 0 }
  }

  /// How often a channel stands in one node.
  private struct Membership: Hashable {
    let node: Int
    var indices: Int
  }

  /// For each channel of each group the nodes that it stands in, ascending.
  private static func memberships(_ maps: [ChannelMap?], counts: [Int]) -> [[[Membership]]] {
    var result = counts.map { [[Membership]](repeating: [], count: $0) }
    for (node, map) in maps.enumerated() {
      for case let channel? in map?.channels ?? [] {
        let last = result[channel.group][channel.index].count - 1
        if last >= 0, result[channel.group][channel.index][last].node == node {
          result[channel.group][channel.index][last].indices += 1
        } else {
          result[channel.group][channel.index].append(Membership(node: node, indices: 1))
        }
      }
    }
    return result
  }

  private static func parts(_ memberships: [[Membership]]) -> [[Int]] {
    var numbers: [[Membership]: Int] = [:]
    var parts: [[Int]] = []
    for (channel, membership) in memberships.enumerated() {
      if let part = numbers[membership] {
        parts[part].append(channel)
      } else {
        numbers[membership] = parts.count
        parts.append([channel])
      }
    }
    return parts
  }
}

extension ChannelGroups {
  /// The indices of node `index`'s axis that stay, in their new order; nil if all stay where they are.
  ///
  /// - Parameter kept: for each group the channels that stay; nil if all do. Ascending, unless the group
  ///   can be reordered.
  public func keptIndices(ofNode index: Int, kept: [[Int]?]) -> [Int]? {
    guard let map = maps[index], partCounts[index].contains(where: { kept[$0.group] != nil })
    else { return nil }
    if let group = partCounts[index].first?.group, groups[group].canBeReordered,
      let order = kept[group]
    {
      let width = map.channels.count / groups[group].channels
      return order.flatMap { $0 * width..<($0 + 1) * width }
    }
    var isKept: [Int: Set<Int>] = [:]
    for group in Set(partCounts[index].map(\.group)) {
      isKept[group] = kept[group].map { Set($0) }
    }
    return map.channels.indices.filter { place in
      guard let channel = map.channels[place], let stay = isKept[channel.group] else { return true }
      return stay.contains(channel.index)
    }
  }

  /// The number of indices along node `index`'s axis that stay; nil if the node has no channels.
  ///
  /// - Parameter keptOfPart: how many of a group's part, of so many channels, stay.
  public func keptCount(
    ofNode index: Int, keptOfPart: (_ group: Int, _ channels: Int) -> Int
  ) -> Int? {
    guard maps[index] != nil else { return nil }
    return partCounts[index].reduce(fixedCounts[index]) { count, part in
      count + part.indicesPerChannel
        * keptOfPart(part.group, groups[part.group].parts[part.part].count)
    }
  }

  /// The groups whose channels stand in node `index`'s output, ascending.
  public func groups(inNode index: Int) -> [Int] {
    Set(partCounts[index].map(\.group)).sorted()
  }
}

extension ChannelGroup {
  fileprivate init(
    _ graph: Graph, _ maps: [ChannelMap?], group: Int, channels: Int, parts: [[Int]],
    members: [Int]
  ) {
    self.members = members
    self.channels = channels
    self.parts = parts
    producers = members.filter(graph.mixesChannels)
    followers = members.filter { !graph.mixesChannels(at: $0) && !graph.parameters(of: $0).isEmpty }
    consumers = Set(members.flatMap { graph.consumers[$0].filter(graph.mixesChannels) }).sorted()
    let first = producers.first.flatMap { maps[$0]?.channels } ?? []
    width = first.count { $0 == Channel(group: group, index: 0) }
    canBeReordered = members.allSatisfy { node in
      guard let map = maps[node], graph.keepsPlaces(at: node) else { return false }
      let width = map.channels.count / channels
      return width * channels == map.channels.count
        && map.channels.indices.allSatisfy {
          map.channels[$0] == Channel(group: group, index: $0 / width)
        }
    }
    let isOfHeads = members.contains {
      if case .attention = graph.nodes[$0].op { true } else { false }
    }
    let isOfLinear = producers.allSatisfy {
      if case .linear = graph.nodes[$0].op { true } else { false }
    }
    kind = isOfHeads ? .heads : isOfLinear ? .neurons : .filters
  }
}

extension Graph {
  /// Whether node `index` treats all channels alike, wherever they stand.
  fileprivate func keepsPlaces(at index: Int) -> Bool {
    switch nodes[index].op {
    case .convolution(let conv): conv.groups == 1 || conv.groups == conv.outputChannels
    case .linear, .batchNormalization, .activation, .parametricRelu, .arithmetic, .maxPool,
      .averagePool, .globalAveragePool, .reduceMean, .flatten, .resize, .constant:
      true
    default: false
    }
  }

  /// Whether node `index` makes new channels out of all those it reads: a linear layer or a
  /// convolution that is not grouped.
  public func mixesChannels(at index: Int) -> Bool {
    switch nodes[index].op {
    case .linear: true
    case .convolution(let conv): conv.groups == 1
    default: false
    }
  }
}
