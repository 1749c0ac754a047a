/// A fully connected layer over the last axis; weight `[outputFeatures, inputFeatures]`.
public struct Linear: Hashable, Sendable {
  /// Outputs.
  public var outputFeatures: Int
  /// The weight's name in the parameters.
  public var weight: String
  /// The bias's name, if there is one.
  public var bias: String?

  /// A fully connected layer.
  public init(outputFeatures: Int, weight: String, bias: String? = nil) {
    self.outputFeatures = outputFeatures
    self.weight = weight
    self.bias = bias
  }
}

/// Multi-head scaled dot-product attention (Vaswani et al., arXiv 1706.03762) over queries
/// `[T, heads * d]`, keys `[S, heads * d]` and values `[S, heads * e]`; yields `[T, heads * e]`.
///
/// Head h reads columns `h * d ..< (h + 1) * d`: softmax(q k' * scale) v.
public struct Attention: Hashable, Sendable {
  /// Heads, each with its own columns.
  public var heads: Int
  /// The factor of the products of queries and keys, usually 1 / sqrt(d).
  public var scale: Float

  /// Attention with `heads` heads.
  public init(heads: Int, scale: Float) {
    self.heads = heads
    self.scale = scale
  }
}
