/// Channels that one decision is about: made by the same nodes, or by nodes whose channels can only go
/// together.
///
/// A residual sum joins the channels of its operands one by one; a depthwise convolution follows its
/// input; attention joins the columns of a head of its queries, keys and values to one channel.
public struct ChannelGroup: Hashable, Sendable {
  /// The kind of its channels.
  public enum Kind: Hashable, Sendable {
    /// Feature maps, at least one convolution makes them.
    case filters
    /// Features that linear layers alone make.
    case neurons
    /// Heads of attention.
    case heads
  }

  /// The kind of its channels.
  public let kind: Kind
  /// The number of channels.
  public let channels: Int
  /// The channels that stand in the same nodes, ascending. A pattern keeps its share of each part, so
  /// what a choice costs does not depend on which channels go.
  public let parts: [[Int]]
  /// Every node whose output holds channels of the group, ascending.
  public let members: [Int]
  /// Convolutions and linear layers that make these channels, ascending.
  public let producers: [Int]
  /// Convolutions and linear layers that read these channels through their weight, ascending.
  public let consumers: [Int]
  /// Nodes that hold parameters for each channel and make none: norms, depthwise convolutions, scales.
  public let followers: [Int]
  /// How many filters or features of its first producer one channel is: the columns of a head, the
  /// filters of a group of a grouped convolution, otherwise 1.
  public let width: Int
  /// Whether its channels may stand in any order: no node that holds them cares for their places.
  public let canBeReordered: Bool
}

/// One channel of one group.
public struct Channel: Hashable, Sendable {
  /// The group.
  public let group: Int
  /// Its number in the group.
  public let index: Int
}

/// Where the channels of groups stand in a node's output.
public struct ChannelMap: Hashable, Sendable {
  /// The axis that they lie along.
  public let axis: Int
  /// For each index of the axis its channel; nil if it always stays.
  public let channels: [Channel?]

  /// The axis of a tensor along which it has a value for each of the channels, when it is broadcast to the node's output,
  /// which has `rank` axes; nil if it has one for all of them.
  package func axis(ofBroadcast extents: [Int], rank: Int) -> Int? {
    // Aligned at the last axis.
    let place = axis - (rank - extents.count)
    return extents.indices.contains(place) && extents[place] > 1 ? place : nil
  }
}
