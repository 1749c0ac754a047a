/// The operator of a node. Names and meanings are ONNX's (opset 20) without the batch axis: axis 0 is
/// the channel of a feature map, the position of a sequence of tokens.
public enum Operator: Hashable, Sendable {
  /// The graph's input.
  case input
  /// A tensor used as an activation: a class token, a position embedding, a scale.
  case constant(Constant)

  /// `Conv` in two dimensions.
  case convolution(Convolution)
  /// `Gemm` with a transposed weight: a fully connected layer over the last axis.
  case linear(Linear)
  /// `MatMul` of two activations over their last two axes, the others broadcast.
  case matMul
  /// Multi-head attention.
  case attention(Attention)

  /// `BatchNormalization` in inference form, channels on axis 0.
  case batchNormalization(BatchNormalization)
  /// `LayerNormalization`.
  case layerNormalization(LayerNormalization)
  /// `GroupNormalization` and `InstanceNormalization`, channels on axis 0.
  case groupNormalization(GroupNormalization)

  /// A function of each value alone.
  case activation(Activation)
  /// `PRelu`; its slope is broadcast against the activation.
  case parametricRelu(slope: Constant)
  /// Arithmetic on two activations, broadcast.
  case arithmetic(Arithmetic)
  /// `Softmax` along an axis.
  case softmax(axis: Int)

  /// `MaxPool`.
  case maxPool(Pooling)
  /// `AveragePool`.
  case averagePool(Pooling)
  /// `GlobalAveragePool`: the mean over height and width.
  case globalAveragePool
  /// `ReduceMean` over some axes, which stay with extent 1 or go.
  case reduceMean(axes: [Int], keepsAxes: Bool)
  /// `ArgMax` along an axis; the first of equal values.
  case argMax(axis: Int, keepsAxis: Bool)

  /// `Concat` of any number of activations along an axis.
  case concat(axis: Int)
  /// `Slice`; an output of a `Split` is one, too.
  case slice(Slice)
  /// `Gather` with constant indices.
  case gather(Gather)
  /// `Flatten` to a vector.
  case flatten
  /// `Reshape`, `Squeeze` and `Unsqueeze`.
  case reshape(Shape)
  /// `Transpose`: axis a of the output is axis `permutation[a]` of the input.
  case transpose(permutation: [Int])
  /// `Expand`: broadcast to a shape.
  case expand(Shape)
  /// `Pad`.
  case pad(Padding)
  /// `Resize`.
  case resize(Resize)
  /// ShuffleNet's shuffle (Zhang et al., arXiv 1707.01083): channel g * n + i becomes i * groups + g.
  case channelShuffle(groups: Int)

  /// An operator that Sculpt cannot compute, kept so that the graph can be looked at.
  case unsupported(Unsupported)

  /// `Relu`.
  public static let relu = Operator.activation(.relu)
  /// `Add`.
  public static let add = Operator.arithmetic(.add)

  /// The name ONNX gives it.
  public var name: String {
    switch self {
    case .input: "Input"
    case .constant: "Constant"
    case .convolution: "Conv"
    case .linear: "Gemm"
    case .matMul: "MatMul"
    case .attention: "MultiHeadAttention"
    case .batchNormalization: "BatchNormalization"
    case .layerNormalization: "LayerNormalization"
    case .groupNormalization: "GroupNormalization"
    case .activation(let activation): activation.name
    case .parametricRelu: "PRelu"
    case .arithmetic(let arithmetic): arithmetic.rawValue
    case .softmax: "Softmax"
    case .maxPool: "MaxPool"
    case .averagePool: "AveragePool"
    case .globalAveragePool: "GlobalAveragePool"
    case .reduceMean: "ReduceMean"
    case .argMax: "ArgMax"
    case .concat: "Concat"
    case .slice: "Slice"
    case .gather: "Gather"
    case .flatten: "Flatten"
    case .reshape: "Reshape"
    case .transpose: "Transpose"
    case .expand: "Expand"
    case .pad: "Pad"
    case .resize: "Resize"
    case .channelShuffle: "ChannelShuffle"
    case .unsupported(let unsupported): unsupported.kind
    }
  }

  /// The numbers of activations it may read.
  public var inputCounts: ClosedRange<Int> {
    switch self {
    case .input, .constant: 0...0
    case .arithmetic, .matMul: 2...2
    case .attention: 3...3
    case .concat: 1...Int.max
    case .unsupported: 0...Int.max
    default: 1...1
    }
  }
}

/// A tensor by name.
public struct Constant: Hashable, Sendable {
  /// Its name in the parameters.
  public var parameter: String
  /// Its shape, as it is stored and as it is used; `[]` for a single number.
  public var shape: Shape
  /// Whether training found it; a number that the network's author wrote down is no parameter.
  public var isLearned: Bool

  /// A tensor of the given shape.
  public init(_ parameter: String, shape: Shape, isLearned: Bool = true) {
    self.parameter = parameter
    self.shape = shape
    self.isLearned = isLearned
  }
}

/// An operator that Sculpt cannot compute.
public struct Unsupported: Hashable, Sendable {
  /// Its name in the file.
  public var kind: String
  /// The shape of its output, as far as the file tells.
  public var shape: Shape
  /// Why it cannot be computed, as the end of a sentence: "is not supported".
  public var reason: String

  /// An operator that cannot be computed.
  public init(kind: String, shape: Shape, reason: String) {
    self.kind = kind
    self.shape = shape
    self.reason = reason
  }
}
