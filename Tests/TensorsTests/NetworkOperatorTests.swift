import ModelGraph
import Tensors
import Testing

/// An operator of networks with its attributes, to be applied to tensors of either precision.
enum NetworkOperator: Sendable {
  case convolution(ConvolutionGeometry)
  case linear
  case batchNorm(clamp: ClosedRange<Double>, hasResidual: Bool)
  case convolutionBatchNorm(ConvolutionGeometry, clamp: ClosedRange<Double>)
  case channelAffine(scale: [Double], shift: [Double], clamp: ClosedRange<Double>)
  case layerNorm
  case attention(Attention)
  case activation(Activation)
  case maxPool(Pooling, Extent)
  case averagePool(Pooling, Extent)

  func apply<Scalar>(_ inputs: [Variable<Scalar>]) -> Variable<Scalar> {
    func range(_ clamp: ClosedRange<Double>) -> ClosedRange<Scalar> {
      Scalar(clamp.lowerBound)...Scalar(clamp.upperBound)
    }
    switch self {
    case .convolution(let geometry):
      return inputs[0].convolved(
        with: inputs[1], bias: inputs.count > 2 ? inputs[2] : nil, geometry)
    case .linear: return inputs[0].linear(weight: inputs[1], bias: inputs[2])
    case .batchNorm(let clamp, let hasResidual):
      return inputs[0].normalized(
        by: .init(
          gain: inputs[1], bias: inputs[2], adding: hasResidual ? inputs[3] : nil,
          clampedTo: range(clamp))
      ).result
    case .convolutionBatchNorm(let geometry, let clamp):
      return inputs[0].convolved(
        with: inputs[1], geometry,
        normalizedBy: .init(
          gain: inputs[2], bias: inputs[3], adding: inputs[4], clampedTo: range(clamp))
      ).result
    case .channelAffine(let scale, let shift, let clamp):
      return inputs[0].channelAffine(
        scale: scale.map { Scalar($0) }, shift: shift.map { Scalar($0) }, adding: inputs[1],
        clampedTo: range(clamp))
    case .layerNorm: return inputs[0].layerNorm(gain: inputs[1], bias: inputs[2])
    case .attention(let attention):
      return inputs[0].attending(to: inputs[1], inputs[2], attention)
    case .activation(let function): return inputs[0].activated(by: function)
    case .maxPool(let pooling, let output): return inputs[0].maxPooled(pooling, to: output)
    case .averagePool(let pooling, let output):
      return inputs[0].averagePooled(pooling, to: output)
    }
  }
}

/// A kind of operator of which cases are drawn; `scale` makes shapes larger where fast kernels are tested.
struct NetworkCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let draw: @Sendable (inout SeededGenerator, _ scale: Int) -> (NetworkOperator, [[Int]])

  /// Values that stay clear of the corners of piecewise functions, where differences mislead.
  func inputs(_ shapes: [[Int]], _ generator: inout SeededGenerator) -> [Tensor<Double>] {
    shapes.map { generator.normalTensor(shape: $0, deviation: 1) }
  }
}

let networkCases: [NetworkCase] =
  [
    NetworkCase(testDescription: "convolution") { generator, scale in
      drawConvolution(&generator, scale, groups: 1)
    },
    NetworkCase(testDescription: "grouped convolution") { generator, scale in
      drawConvolution(&generator, scale, groups: 2 + generator.index(below: 2))
    },
    NetworkCase(testDescription: "depthwise convolution") { generator, scale in
      drawConvolution(&generator, scale, groups: nil)
    },
    NetworkCase(testDescription: "linear") { generator, scale in
      let (c, k) = (1 + generator.index(below: 9 * scale), 1 + generator.index(below: 9 * scale))
      let rows = (0..<1 + generator.index(below: 3)).map { _ in 1 + generator.index(below: 4) }
      return (.linear, [rows + [c], [k, c], [k]])
    },
    NetworkCase(testDescription: "batch norm") { generator, scale in
      let c = 1 + generator.index(below: 9 * scale)
      let shape = [2 + generator.index(below: 3), 2, 1 + generator.index(below: 3), c]
      return (
        .batchNorm(clamp: -.infinity ... .infinity, hasResidual: false), [shape, [c], [c]]
      )
    },
    NetworkCase(testDescription: "batch norm, sum and clamp") { generator, scale in
      let c = 1 + generator.index(below: 9 * scale)
      let shape = [2 + generator.index(below: 3), 2, 1 + generator.index(below: 3), c]
      let clamp = generator.index(below: 2) == 0 ? 0.0...Double.infinity : 0.0...1.0
      return (.batchNorm(clamp: clamp, hasResidual: true), [shape, [c], [c], shape])
    },
    NetworkCase(testDescription: "convolution, batch norm, sum and clamp") { generator, scale in
      drawNormalizedConvolution(&generator, scale, groups: 1)
    },
    NetworkCase(testDescription: "depthwise convolution, batch norm, sum and clamp") {
      generator, scale in
      drawNormalizedConvolution(&generator, scale, groups: nil)
    },
    NetworkCase(testDescription: "channel affine") { generator, scale in
      let c = 1 + generator.index(below: 9 * scale)
      let shape = [1 + generator.index(below: 3), 2, 2, c]
      let (factors, terms) = (
        (0..<c).map { _ in generator.normal() }, (0..<c).map { _ in generator.normal() }
      )
      return (
        .channelAffine(scale: factors, shift: terms, clamp: -1...1), [shape, shape]
      )
    },
    NetworkCase(testDescription: "layer norm") { generator, scale in
      let c = 2 + generator.index(below: 9 * scale)
      return (.layerNorm, [[2, 1 + generator.index(below: 3), c], [c], [c]])
    },
    NetworkCase(testDescription: "attention") { generator, scale in
      let heads = 1 + generator.index(below: 3)
      let d = heads * (1 + generator.index(below: 4 * scale))
      let e = heads * (1 + generator.index(below: 4 * scale))
      let (t, s) = (1 + generator.index(below: 3 * scale), 1 + generator.index(below: 4 * scale))
      let n = 1 + generator.index(below: 3)
      return (
        .attention(Attention(heads: heads, scale: 0.7)), [[n, t, d], [n, s, d], [n, s, e]]
      )
    },
    NetworkCase(testDescription: "max pool") { generator, _ in
      let (pooling, output, shape) = drawPooling(&generator)
      return (.maxPool(pooling, output), [shape])
    },
    NetworkCase(testDescription: "average pool") { generator, _ in
      let (pooling, output, shape) = drawPooling(&generator)
      return (.averagePool(pooling, output), [shape])
    },
  ]
  + [
    Activation.relu, .leakyRelu(slope: 0.1), .clip(low: -0.5, high: 0.8), .sigmoid,
    .hardSigmoid(alpha: 0.2, beta: 0.5), .hardSwish, .silu, .gelu(isApproximate: false),
    .gelu(isApproximate: true), .tanh, .erf, .exp,
  ].map { function in
    NetworkCase(testDescription: "\(function)") { generator, scale in
      (
        .activation(function),
        [[1 + generator.index(below: 5), 1 + generator.index(below: 9 * scale)]]
      )
    }
  }

/// A convolution of any geometry; `groups` nil makes it depthwise.
private func drawConvolution(
  _ generator: inout SeededGenerator, _ scale: Int, groups: Int?
) -> (NetworkOperator, [[Int]]) {
  let kernel = Extent(1 + generator.index(below: 3), 1 + generator.index(below: 3))
  let dilations = Extent(1 + generator.index(below: 2), 1 + generator.index(below: 2))
  let window = kernel.spread(dilations)
  let pads = Pads(
    top: generator.index(below: 3), left: generator.index(below: 3),
    bottom: generator.index(below: 3), right: generator.index(below: 3))
  let strides = Extent(1 + generator.index(below: 3), 1 + generator.index(below: 3))
  let size = { (window: Int, generator: inout SeededGenerator) in
    window + generator.index(below: 3 + scale)
  }
  let (height, width) = (size(window.height, &generator), size(window.width, &generator))
  let count = groups ?? (2 + generator.index(below: 12 * scale))
  let perGroup = groups == nil ? 1 : 1 + generator.index(below: 5 * scale)
  let filters = groups == nil ? count : count * (1 + generator.index(below: 5 * scale))
  let shapes = [
    [1 + generator.index(below: 2 * scale), height, width, count * perGroup],
    [filters, perGroup, kernel.height, kernel.width],
  ]
  let geometry = ConvolutionGeometry(
    strides: strides, pads: pads, dilations: dilations, groups: count)
  return (.convolution(geometry), generator.index(below: 2) == 0 ? shapes : shapes + [[filters]])
}

/// The same with a batch norm; in half of the cases with whole blocks of eight filters.
private func drawNormalizedConvolution(
  _ generator: inout SeededGenerator, _ scale: Int, groups: Int?
) -> (NetworkOperator, [[Int]]) {
  let (op, drawn) = drawConvolution(&generator, scale, groups: groups)
  guard case .convolution(var geometry) = op else { preconditionFailure("no convolution") }
  var (input, weight) = (drawn[0], drawn[1])
  input[0] += 1
  if generator.index(below: 2) == 0 {
    weight[0] = (weight[0] + 7) / 8 * 8
    if groups == nil {
      input[3] = weight[0]
      geometry.groups = weight[0]
    }
  }
  let window = Extent(weight[2], weight[3]).spread(geometry.dilations)
  let (pads, strides) = (geometry.pads, geometry.strides)
  let output = [
    input[0], (input[1] + pads.top + pads.bottom - window.height) / strides.height + 1,
    (input[2] + pads.left + pads.right - window.width) / strides.width + 1, weight[0],
  ]
  return (
    .convolutionBatchNorm(geometry, clamp: 0.0...Double.infinity),
    [input, weight, [weight[0]], [weight[0]], output]
  )
}

private func drawPooling(_ generator: inout SeededGenerator) -> (Pooling, Extent, [Int]) {
  let kernel = Extent(1 + generator.index(below: 3), 1 + generator.index(below: 3))
  let pooling = Pooling(
    kernel: kernel, strides: Extent(1 + generator.index(below: 2), 1 + generator.index(below: 2)),
    pads: Pads(
      top: generator.index(below: kernel.height), left: generator.index(below: kernel.width),
      bottom: generator.index(below: kernel.height), right: generator.index(below: kernel.width)),
    countsPads: generator.index(below: 2) == 0)
  let (height, width) = (3 + generator.index(below: 3), 3 + generator.index(below: 3))
  let output = Extent(
    (height + pooling.pads.top + pooling.pads.bottom - kernel.height) / pooling.strides.height + 1,
    (width + pooling.pads.left + pooling.pads.right - kernel.width) / pooling.strides.width + 1)
  return (pooling, output, [2, height, width, 1 + generator.index(below: 4)])
}

@Suite struct NetworkOperatorTests {
  @Test(arguments: networkCases, [1, 2, 3, 4] as [UInt64])
  func gradientsAgreeWithCentralDifferences(_ networkCase: NetworkCase, seed: UInt64) {
    let operatorCase = OperatorCase(networkCase.testDescription) { generator in
      let (op, shapes) = networkCase.draw(&generator, 1)
      return (networkCase.inputs(shapes, &generator), { op.apply($0) })
    }
    #expect(gradientError(of: operatorCase, seed: seed) < 2e-6)
  }

  /// The vector kernels in single precision against plain loops in double precision.
  @Test(arguments: networkCases, Array(1...12) as [UInt64])
  func vectorKernelsAgreeWithPlainOnes(_ networkCase: NetworkCase, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let (op, shapes) = networkCase.draw(&generator, 5)
    let inputs = networkCase.inputs(shapes, &generator)
    let plain = Pass(op, inputs.map { $0 }, threads: 1, seed: seed)
    let single = inputs.map {
      Tensor<Float>(shape: $0.shape, scalars: $0.scalars.map { Float($0) })
    }
    let fast = Pass(op, single, threads: 1, seed: seed)
    #expect(fast.shapes == plain.shapes)
    #expect(largestDifference(fast.values, plain.values) < 2e-4)
    #expect(Pass(op, single, threads: 3, seed: seed).values == fast.values)
  }

  /// An operator's result and all its gradients, one after another.
  private struct Pass<Scalar: TensorScalar> {
    var shapes: [[Int]] = []
    var values: [Scalar] = []

    init(_ op: NetworkOperator, _ inputs: [Tensor<Scalar>], threads: Int, seed: UInt64) {
      weak var released: Tape<Scalar>?
      defer { #expect(released == nil, "the tape outlives its computation") }
      let tape = Tape<Scalar>(threads: threads)
      released = tape
      let variables = inputs.map(tape.variable)
      let result = op.apply(variables)
      var generator = SeededGenerator(seed: seed)
      let weights: Tensor<Double> = generator.normalTensor(shape: result.shape, deviation: 1)
      let fixed = tape.constant(
        Tensor(shape: result.shape, scalars: weights.scalars.map { Scalar(Float($0)) }))
      let gradients = tape.gradients(of: (result * fixed).sum())
      for tensor in [result.value] + variables.map({ gradients[$0] }) {
        shapes.append(tensor.shape)
        values += tensor.scalars
      }
    }
  }

  private func largestDifference(_ fast: [Float], _ plain: [Double]) -> Double {
    zip(fast, plain).reduce(0) { max($0, abs(Double($1.0) - $1.1) / max(1, abs($1.1))) }
  }
}
