/// Batch normalisation with fixed statistics: `y = scale (x - mean) / sqrt(variance + epsilon) + bias`.
public struct BatchNormalization: Hashable, Sendable {
  /// The name of the scale, one a channel.
  public var scale: String
  /// The name of the shift, one a channel.
  public var bias: String
  /// The name of the running mean.
  public var mean: String
  /// The name of the running variance.
  public var variance: String
  /// Added to the variance.
  public var epsilon: Float

  /// A batch normalisation with the given parameter names.
  public init(scale: String, bias: String, mean: String, variance: String, epsilon: Float) {
    self.scale = scale
    self.bias = bias
    self.mean = mean
    self.variance = variance
    self.epsilon = epsilon
  }
}

/// Layer normalisation (Ba et al., arXiv 1607.06450): each position's values over the axes from
/// `axis` on are brought to mean 0 and variance 1, then scaled and shifted.
public struct LayerNormalization: Hashable, Sendable {
  /// The first of the axes that are normalised together; the last ones belong to them.
  public var axis: Int
  /// The name of the scale, shaped as the normalised axes.
  public var scale: String
  /// The name of the shift, if there is one.
  public var bias: String?
  /// Added to the variance.
  public var epsilon: Float

  /// A layer normalisation over the axes from `axis` on.
  public init(axis: Int, scale: String, bias: String? = nil, epsilon: Float = 1e-5) {
    self.axis = axis
    self.scale = scale
    self.bias = bias
    self.epsilon = epsilon
  }
}

/// Group normalisation (Wu and He, arXiv 1803.08494): mean and variance over a group's channels and
/// all positions. With as many groups as channels it is ONNX's `InstanceNormalization`.
public struct GroupNormalization: Hashable, Sendable {
  /// Groups that the channels are divided into.
  public var groups: Int
  /// The name of the scale, one a channel.
  public var scale: String
  /// The name of the shift, one a channel.
  public var bias: String
  /// Added to the variance.
  public var epsilon: Float

  /// A group normalisation.
  public init(groups: Int, scale: String, bias: String, epsilon: Float = 1e-5) {
    self.groups = groups
    self.scale = scale
    self.bias = bias
    self.epsilon = epsilon
  }
}
