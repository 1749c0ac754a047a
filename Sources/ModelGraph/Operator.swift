/// What a node computes. Names and meanings are ONNX's (opset 17).
public enum Operator: Hashable, Sendable {
  /// The graph's input.
  case input
  /// `Conv` in two dimensions.
  case convolution(Convolution)
  /// `BatchNormalization` in inference form.
  case batchNormalization(BatchNormalization)
  /// `Relu`.
  case relu
  /// `Add` of two activations of one shape.
  case add
  /// `MaxPool`.
  case maxPool(Pooling)
  /// `AveragePool`.
  case averagePool(Pooling)
  /// `GlobalAveragePool`: the mean over height and width.
  case globalAveragePool
  /// `Flatten` to a vector.
  case flatten
  /// `Gemm` with a transposed weight: a fully connected layer.
  case linear(Linear)

  /// The name ONNX gives it.
  public var name: String {
    switch self {
    case .input: "Input"
    case .convolution: "Conv"
    case .batchNormalization: "BatchNormalization"
    case .relu: "Relu"
    case .add: "Add"
    case .maxPool: "MaxPool"
    case .averagePool: "AveragePool"
    case .globalAveragePool: "GlobalAveragePool"
    case .flatten: "Flatten"
    case .linear: "Gemm"
    }
  }

  /// The number of activations it reads.
  public var inputCount: Int {
    switch self {
    case .input: 0
    case .add: 2
    default: 1
    }
  }
}

/// A two-dimensional convolution; weight `[outputChannels, inputChannels / groups, kernel]`.
public struct Convolution: Hashable, Sendable {
  /// Filters.
  public var outputChannels: Int
  /// Rows and columns of each filter.
  public var kernel: Extent
  /// Steps between outputs.
  public var strides: Extent
  /// Zeros around the input.
  public var pads: Pads
  /// Steps between taps.
  public var dilations: Extent
  /// Independent groups of channels.
  public var groups: Int
  /// The weight's name in the parameters.
  public var weight: String
  /// The bias's name, if there is one.
  public var bias: String?

  /// A convolution; strides and dilations default to one, pads to none.
  public init(
    outputChannels: Int, kernel: Extent, strides: Extent = .one, pads: Pads = .none,
    dilations: Extent = .one, groups: Int = 1, weight: String, bias: String? = nil
  ) {
    self.outputChannels = outputChannels
    self.kernel = kernel
    self.strides = strides
    self.pads = pads
    self.dilations = dilations
    self.groups = groups
    self.weight = weight
    self.bias = bias
  }
}

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

/// A pooling window.
public struct Pooling: Hashable, Sendable {
  /// Rows and columns of the window.
  public var kernel: Extent
  /// Steps between windows.
  public var strides: Extent
  /// The border around the input.
  public var pads: Pads
  /// Whether an average counts the border (ONNX `count_include_pad`).
  public var countsPads: Bool

  /// A pooling window.
  public init(kernel: Extent, strides: Extent, pads: Pads = .none, countsPads: Bool = false) {
    self.kernel = kernel
    self.strides = strides
    self.pads = pads
    self.countsPads = countsPads
  }
}

/// A fully connected layer; weight `[outputFeatures, inputFeatures]`.
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
