/// Channels that can only be pruned together: one shared index set for every member.
///
/// A residual addition joins the outputs of its operands, a depthwise convolution joins its output
/// to its input; normalisation, activation and pooling pass channels through.
public struct ChannelGroup: Hashable, Sendable {
  /// The number of channels.
  public let channels: Int
  /// Convolutions and linear layers whose output channels these are, ascending.
  public let producers: [Int]
  /// Nodes that read these channels through their weight, ascending.
  public let consumers: [Consumer]
  /// Batch normalisations and depthwise convolutions that hold parameters for each channel.
  public let followers: [Int]
  /// Whether channels can be removed: not the model's input or output, and no grouped convolution.
  public let isPrunable: Bool

  /// A node that reads the group.
  public struct Consumer: Hashable, Sendable {
    /// The convolution or linear layer.
    public let node: Int
    /// Consecutive input features a channel: H x W behind a flatten, otherwise 1.
    public let span: Int
  }
}

/// The dependencies among the channels of a graph.
public struct ChannelGroups: Hashable, Sendable {
  /// Every group, in the order of its first producer.
  public let groups: [ChannelGroup]
  /// For each node, the group of its output channels.
  public let groupOfNode: [Int]

  /// Finds the groups of `graph` in one pass over its nodes.
  public init(_ graph: Graph) {
    var sets = DisjointSets(count: graph.nodes.count)
    var span = [Int](repeating: 1, count: graph.nodes.count)
    var fixed: [Int] = [0, graph.output]
    for (index, node) in graph.nodes.enumerated() {
      switch node.op {
      case .input: break
      case .linear:
        if node.shape.rank > 2 { fixed += [index] + node.inputs }
      case .convolution(let conv):
        if !graph.mixesChannels(at: index) {
          sets.union(index, node.inputs[0])
        } else if conv.groups > 1 {
          fixed += [index, node.inputs[0]]
        }
      case .batchNormalization, .activation, .arithmetic(.add), .maxPool, .averagePool,
        .globalAveragePool, .flatten:
        for input in node.inputs { sets.union(index, input) }
        span[index] = span[node.inputs[0]]
        if case .batchNormalization = node.op, span[index] > 1 { fixed.append(index) }
        if case .flatten = node.op {
          let source = graph.nodes[node.inputs[0]].shape
          span[index] *= source.count / source.channels
        }
        let shape = graph.nodes[node.inputs[0]].shape
        let isFollowed = node.inputs.allSatisfy {
          span[$0] == span[node.inputs[0]] && graph.nodes[$0].shape == shape
        }
        if !isFollowed || !(shape.isFeatureMap || shape.rank == 1) { fixed.append(index) }
      default:
        // What these make of channels is not followed: their inputs and outputs stay whole.
        fixed += [index] + node.inputs
      }
    }

    // A set's root is its first node, so groups are numbered in the order of their first nodes.
    let roots = graph.nodes.indices.map { sets.root(of: $0) }
    let numbers = Dictionary(
      uniqueKeysWithValues: Set(roots).sorted().enumerated().map { ($1, $0) })
    let groupOfNode = roots.map { numbers[$0] ?? 0 }
    var members = [[Int]](repeating: [], count: numbers.count)
    for (node, group) in groupOfNode.enumerated() { members[group].append(node) }
    let fixedGroups = Set(fixed.map { groupOfNode[$0] })
    groups = members.enumerated().map { group, nodes in
      ChannelGroup(
        nodes, of: graph, span: span, isPrunable: !fixedGroups.contains(group))
    }
    self.groupOfNode = groupOfNode
  }
}

extension ChannelGroup {
  /// Sorts the nodes of one group by the part they take; `span` as in `Consumer`, one a node.
  fileprivate init(_ nodes: [Int], of graph: Graph, span: [Int], isPrunable: Bool) {
    self.isPrunable = isPrunable
    channels = graph.nodes[nodes[0]].shape.channels
    producers = nodes.filter { graph.mixesChannels(at: $0) || $0 == 0 }
    followers = nodes.filter { !graph.mixesChannels(at: $0) && !graph.parameters(of: $0).isEmpty }
    consumers = nodes.flatMap { node in
      graph.consumers[node].filter(graph.mixesChannels).map { Consumer(node: $0, span: span[node]) }
    }.sorted { $0.node < $1.node }
  }
}

extension Graph {
  /// Whether node `index` makes new channels out of all those it reads: a linear layer or a
  /// convolution, unless it is depthwise.
  func mixesChannels(at index: Int) -> Bool {
    switch nodes[index].op {
    case .linear: true
    case .convolution(let conv):
      !conv.isDepthwise(inputChannels: nodes[nodes[index].inputs[0]].shape.channels)
    default: false
    }
  }
}

extension Convolution {
  /// Whether each channel is convolved alone, one filter a channel.
  func isDepthwise(inputChannels: Int) -> Bool {
    groups > 1 && groups == inputChannels && outputChannels == groups
  }
}

/// Union-find with path halving.
private struct DisjointSets {
  private var parent: [Int]

  init(count: Int) { parent = Array(0..<count) }

  mutating func root(of element: Int) -> Int {
    var element = element
    while parent[element] != element {
      parent[element] = parent[parent[element]]
      element = parent[element]
    }
    return element
  }

  mutating func union(_ first: Int, _ second: Int) {
    let (a, b) = (root(of: first), root(of: second))
    parent[max(a, b)] = min(a, b)
  }
}
