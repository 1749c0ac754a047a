internal import ModelGraph
internal import Tensors

/// One pass of a batch through a network.
///
/// Activations of three axes, [C, H, W] in the graph, are stored channels last, [N, H, W, C]; all others as
/// the graph has them behind the axis of images.
struct ForwardPass {
  let network: TrainableNetwork
  let bound: BoundParameters
  let mode: TrainableNetwork.Mode
  let images: Tensor<Float>
  var statistics: [String: Tensor<Float>]
  private var values: [Variable<Float>?]

  /// The share of a batch in the running statistics, as in PyTorch.
  static let momentum: Float = 0.1

  init(
    network: TrainableNetwork, bound: BoundParameters, mode: TrainableNetwork.Mode,
    images: Tensor<Float>
  ) {
    self.network = network
    self.bound = bound
    self.mode = mode
    self.images = images
    statistics = network.statistics
    values = Array(repeating: nil, count: network.model.graph.nodes.count)
  }

  var graph: Graph { network.model.graph }
  var count: Int { images.shape[0] }

  mutating func run() -> Variable<Float> {
    for step in network.plan.steps {
      values[step.node] = step.chain.map { normalize($0) } ?? compute(step.node)
      // They live on where the tape needs them.
      for node in step.released { values[node] = nil }
    }
    return everyImage(value(graph.output))
  }

  func value(_ index: Int) -> Variable<Float> {
    guard let value = values[index] else { preconditionFailure("node \(index) is not computed") }
    return value
  }

  func parameter(_ name: String) -> Variable<Float> {
    if let key = network.keys[name] { return bound[key] }
    guard let fixed = network.statistics[name] else {
      preconditionFailure("the network has no parameter '\(name)'")
    }
    return bound.tape.constant(fixed)
  }

  private func compute(_ index: Int) -> Variable<Float> {
    let node = graph.nodes[index]
    func input(_ place: Int = 0) -> Variable<Float> { value(node.inputs[place]) }
    func shape(_ place: Int = 0) -> Shape { graph.nodes[node.inputs[place]].shape }
    switch node.op {
    case .input: return bound.tape.constant(images)
    case .constant(let constant): return self.constant(constant)
    case .convolution: return convolve(index)
    case .linear(let linear):
      return onLastAxis(input(), shape()) {
        $0.linear(weight: parameter(linear.weight), bias: linear.bias.map(parameter))
      }
    case .matMul:
      let rank = node.shape.rank
      return stored(
        multiply(
          logical(input(0), shape(0)), shape(0), logical(input(1), shape(1)), shape(1)), rank: rank)
    case .attention(let attention):
      return everyImage(input(0)).attending(
        to: everyImage(input(1)), everyImage(input(2)), attention)
    case .batchNormalization: preconditionFailure("every batch norm ends or is within a chain")
    case .layerNormalization(let norm): return normalize(norm, input(), shape())
    case .groupNormalization(let norm): return normalize(norm, input(), shape())
    case .activation(let function): return input().activated(by: function)
    case .parametricRelu(let slope):
      return input().relu() - aligned(constant(slope), slope.shape, to: shape()) * (-input()).relu()
    case .arithmetic(let arithmetic):
      let (left, right) = (
        aligned(input(0), shape(0), to: node.shape), aligned(input(1), shape(1), to: node.shape)
      )
      switch arithmetic {
      case .add: return left + right
      case .subtract: return left - right
      case .multiply: return left * right
      case .divide: return left / right
      case .maximum: return left.maximum(right)
      case .minimum: return left.minimum(right)
      case .power: preconditionFailure("refused when the network was made")
      }
    case .softmax(let axis):
      return onLastAxis(input(), shape(), of: axis) { $0.softmax() }
    case .maxPool(let pooling):
      return input().maxPooled(pooling, to: Extent(node.shape.height, node.shape.width))
    case .averagePool(let pooling):
      return input().averagePooled(pooling, to: Extent(node.shape.height, node.shape.width))
    case .globalAveragePool: return input().mean(axes: [1, 2], keepingAxes: true)
    case .reduceMean(let axes, _):
      let mean = logical(input(), shape()).mean(axes: axes.map { $0 + 1 })
      return stored(mean.reshaped(to: [count] + node.shape.dimensions), rank: node.shape.rank)
    case .concat, .slice, .gather, .flatten, .reshape, .transpose, .expand, .pad,
      .channelShuffle:
      return rearrange(node)
    case .argMax, .resize, .unsupported:
      preconditionFailure("refused when the network was made")
    }
  }

  private func convolution(_ index: Int) -> (input: Variable<Float>, Convolution) {
    let node = graph.nodes[index]
    guard case .convolution(let conv) = node.op else {
      preconditionFailure("node \(index) is no convolution")
    }
    return (everyImage(value(node.inputs[0])), conv)
  }

  private func convolve(_ index: Int) -> Variable<Float> {
    let (input, conv) = convolution(index)
    return input.convolved(
      with: parameter(conv.weight), bias: conv.bias.map(parameter), conv.geometry)
  }

  private func convolve(
    _ index: Int, normalizedBy norm: Variable<Float>.BatchNorm
  ) -> (Variable<Float>, Variable<Float>.BatchStatistics) {
    let (input, conv) = convolution(index)
    return input.convolved(with: parameter(conv.weight), conv.geometry, normalizedBy: norm)
  }

  private mutating func normalize(_ chain: NetworkPlan.Chain) -> Variable<Float> {
    let node = graph.nodes[chain.normalization]
    guard case .batchNormalization(let norm) = node.op else {
      preconditionFailure("a chain starts with a batch norm")
    }
    // Channels are the first axis of the graph, and must be the last one here.
    let rank = node.shape.rank
    let isLast = rank == 1 || rank == 3
    func channelsLast(_ x: Variable<Float>) -> Variable<Float> {
      isLast ? x : x.transposed([0] + Array(2...rank) + [1])
    }
    let residual = chain.residual.map { channelsLast(everyImage(value($0))) }
    let result: Variable<Float>
    switch mode {
    case .training:
      let batchNorm = Variable.BatchNorm(
        gain: parameter(norm.scale), bias: parameter(norm.bias), epsilon: norm.epsilon,
        adding: residual, clampedTo: chain.clamp)
      let (output, batch) =
        chain.convolution.map { convolve($0, normalizedBy: batchNorm) }
        ?? channelsLast(everyImage(value(node.inputs[0]))).normalized(by: batchNorm)
      result = output
      let unbiased = Float(batch.count) / Float(max(batch.count - 1, 1))
      blend(norm.mean, batch.mean)
      blend(norm.variance, batch.variance.map { $0 * unbiased })
    case .inference:
      let (gains, biases) = (parameter(norm.scale), parameter(norm.bias))
      let means = parameter(norm.mean).value.scalars
      let factors = parameter(norm.variance).value.scalars.map {
        1 / ($0 + norm.epsilon).squareRoot()
      }
      let x =
        chain.convolution.map { convolve($0) } ?? channelsLast(everyImage(value(node.inputs[0])))
      if bound.tape.isRecording {
        // Gains and biases have gradients, too.
        let y =
          x.channelAffine(scale: factors, shift: zip(means, factors).map { -$0 * $1 })
          * gains + biases
        result = (residual.map { y + $0 } ?? y).clamped(to: chain.clamp)
      } else {
        let scale = zip(gains.value.scalars, factors).map(*)
        let shift = zip(biases.value.scalars, zip(means, scale).map(*)).map(-)
        result = x.channelAffine(
          scale: scale, shift: shift, adding: residual, clampedTo: chain.clamp)
      }
    }
    return isLast ? result : result.transposed([0, rank] + Array(1..<rank))
  }

  private mutating func blend(_ name: String, _ batch: [Float]) {
    guard let old = statistics[name] else { return }
    statistics[name] = Tensor(
      shape: old.shape,
      scalars: zip(old.scalars, batch).map { $0 + Self.momentum * ($1 - $0) })
  }

  private func normalize(
    _ norm: LayerNormalization, _ x: Variable<Float>, _ shape: Shape
  ) -> Variable<Float> {
    let rest = shape.dimensions[norm.axis...].reduce(1, *)
    let gain = parameter(norm.scale).reshaped(to: [rest])
    let bias =
      norm.bias.map { parameter($0).reshaped(to: [rest]) }
      ?? bound.tape.constant(Tensor(shape: [rest], repeating: 0))
    let rows = logical(x, shape).reshaped(to: [count] + shape.dimensions[..<norm.axis] + [rest])
    let result = rows.layerNorm(gain: gain, bias: bias, epsilon: norm.epsilon)
    return stored(result.reshaped(to: [count] + shape.dimensions), rank: shape.rank)
  }

  /// With primitives of the tape: it is rare.
  private func normalize(
    _ norm: GroupNormalization, _ x: Variable<Float>, _ shape: Shape
  ) -> Variable<Float> {
    let channels = shape.dimensions[0]
    let groups = logical(x, shape).reshaped(to: [count, norm.groups, shape.count / norm.groups])
    let centred = groups - groups.mean(axes: [2], keepingAxes: true)
    let variance = centred.squared().mean(axes: [2], keepingAxes: true)
    let normal = (centred / (variance + norm.epsilon).squareRoot())
      .reshaped(to: [count, channels, shape.count / channels])
    let result =
      normal * parameter(norm.scale).reshaped(to: [1, channels, 1])
      + parameter(norm.bias).reshaped(to: [1, channels, 1])
    return stored(result.reshaped(to: [count] + shape.dimensions), rank: shape.rank)
  }
}

extension Convolution {
  fileprivate var geometry: ConvolutionGeometry {
    ConvolutionGeometry(strides: strides, pads: pads, dilations: dilations, groups: groups)
  }
}
