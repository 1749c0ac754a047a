/// The size of the agent's network.
public struct NetworkSettings: Sendable, Hashable, Codable {
  /// The columns of the node features.
  public var nodeFeatureCount: Int
  /// The columns of the choice features.
  public var choiceFeatureCount: Int
  /// The width of embeddings, over all heads together: a multiple of `headCount`.
  public var width: Int
  /// The attention heads of each GATv2 layer.
  public var headCount: Int
  /// The GATv2 layers: how many edges away a node can see.
  public var layerCount: Int

  /// Creates settings.
  public init(
    nodeFeatureCount: Int, choiceFeatureCount: Int, width: Int = 64, headCount: Int = 4,
    layerCount: Int = 3
  ) {
    self.nodeFeatureCount = nodeFeatureCount
    self.choiceFeatureCount = choiceFeatureCount
    self.width = width
    self.headCount = headCount
    self.layerCount = layerCount
  }

  /// Whether a network of this size can exist, and be of a sensible size.
  var isValid: Bool {
    (1...4_096).contains(nodeFeatureCount) && (1...4_096).contains(choiceFeatureCount)
      && (1...1_024).contains(width) && (0...16).contains(layerCount)
      && (1...width).contains(headCount) && width % headCount == 0
  }
}
