import Tensors
import Testing

@Suite struct GradientTests {
  @Test(arguments: operatorCases, [1, 2, 3] as [UInt64])
  func tapeAgreesWithCentralDifferences(_ operatorCase: OperatorCase, seed: UInt64) {
    #expect(gradientError(of: operatorCase, seed: seed) < 1e-6)
  }

  @Test func gradientsAddUpWhereAVariableIsUsedTwice() {
    let tape = Tape<Double>()
    let x = tape.variable(Tensor(3))
    let gradients = tape.gradients(of: x * x + x * 2)
    #expect(gradients[x].scalar == 8)
  }

  @Test func constantsAndDetachedValuesGetNoGradient() {
    let tape = Tape<Double>()
    let x = tape.variable(Tensor(3))
    let unused = tape.variable(Tensor(shape: [2], repeating: 1))
    let gradients = tape.gradients(of: x.detached() * x + tape.constant(Tensor(5)))
    #expect(gradients[x].scalar == 3)
    #expect(gradients[unused] == Tensor(shape: [2], repeating: 0))
  }

  @Test func aTapeIsReleasedWithItsComputation() {
    weak var released: Tape<Float>?
    do {
      let tape = Tape<Float>()
      released = tape
      let x = tape.variable(Tensor(shape: [2, 2], repeating: 1))
      _ = tape.gradients(of: x.matmul(x).softmax().sum())
    }
    #expect(released == nil)
  }
}

private func length(_ generator: inout SeededGenerator) -> Int { 1 + generator.index(below: 5) }

private func matrix(_ generator: inout SeededGenerator) -> [[Int]] {
  [[length(&generator), length(&generator)]]
}

/// Two shapes that broadcast: each axis is missing or of length 1 in one of them now and then.
private func broadcastPair(_ generator: inout SeededGenerator) -> [[Int]] {
  let full = (0..<(1 + generator.index(below: 4))).map { _ in length(&generator) }
  var shapes = [full, full]
  for axis in full.indices {
    let draw = generator.index(below: 4)
    if draw < 2 { shapes[draw][axis] = 1 }
  }
  if generator.index(below: 2) == 0 { shapes[1] = Array(shapes[1].suffix(2)) }
  return shapes
}

private func segmentCase(
  _ name: String, inputIsTable: Bool = false,
  apply: @escaping @Sendable (Variable<Double>, Segments) -> Variable<Double>
) -> OperatorCase {
  OperatorCase(name) { generator in
    let count = 1 + generator.index(below: 5)
    let rows = generator.index(below: 12)
    let segments = Segments((0..<rows).map { _ in generator.index(below: count) }, count: count)
    let width = 1 + generator.index(below: 4)
    let input: Tensor<Double> = generator.normalTensor(
      shape: [inputIsTable ? count : rows, width], deviation: 1)
    return ([input], { apply($0[0], segments) })
  }
}

private func maskedCase(
  _ name: String,
  apply: @escaping @Sendable (Variable<Double>, [Bool]) -> Variable<Double>
) -> OperatorCase {
  OperatorCase(name) { generator in
    let (rows, width) = (1 + generator.index(below: 4), 1 + generator.index(below: 6))
    var legal = (0..<(rows * width)).map { _ in generator.index(below: 2) == 0 }
    for row in 0..<rows { legal[row * width + generator.index(below: width)] = true }
    let input: Tensor<Double> = generator.normalTensor(shape: [rows, width], deviation: 2)
    let mask = legal
    return ([input], { apply($0[0], mask) })
  }
}

private let operatorCases: [OperatorCase] =
  [(false, false), (false, true), (true, false), (true, true)].map { left, right in
    OperatorCase(
      "matmul \(left ? "transposed" : "plain") x \(right ? "transposed" : "plain")",
      shapes: { generator in
        let (m, k, n) = (
          generator.index(below: 10), length(&generator), 1 + generator.index(below: 18)
        )
        let batch = generator.index(below: 2) == 0 ? [] : [2]
        return [batch + (left ? [k, m] : [m, k]), batch + (right ? [n, k] : [k, n])]
      }, apply: { $0[0].matmul($0[1], transposingLeft: left, transposingRight: right) })
  } + [
    OperatorCase("add", shapes: broadcastPair) { $0[0] + $0[1] },
    OperatorCase("subtract", shapes: broadcastPair) { $0[0] - $0[1] },
    OperatorCase("multiply", shapes: broadcastPair) { $0[0] * $0[1] },
    OperatorCase("divide", shapes: broadcastPair) { $0[0] / ($0[1].squared() + 0.5) },
    OperatorCase("minimum", shapes: broadcastPair) { $0[0].minimum($0[1]) },
    OperatorCase("maximum", shapes: broadcastPair) { $0[0].maximum($0[1]) },
    OperatorCase("scalar arithmetic", shapes: matrix) { (-($0[0] * 3 - 2) + 5) / 4 },
    OperatorCase("relu", shapes: matrix) { $0[0].relu() },
    OperatorCase("leaky relu", shapes: matrix) { $0[0].leakyRelu(slope: 0.2) },
    OperatorCase("elu", shapes: matrix) { $0[0].elu(alpha: 1.5) },
    OperatorCase("tanh", shapes: matrix) { $0[0].tanh() },
    OperatorCase("sigmoid", shapes: matrix) { $0[0].sigmoid() },
    OperatorCase("exp", shapes: matrix) { $0[0].exp() },
    OperatorCase("log", shapes: matrix) { ($0[0].squared() + 0.1).log() },
    OperatorCase("square root", shapes: matrix) { ($0[0].squared() + 0.1).squareRoot() },
    OperatorCase("clamp", shapes: matrix) { $0[0].clamped(to: -0.7...0.4) },
    OperatorCase("sum") { generator in
      let shape = (0..<3).map { _ in length(&generator) }
      let axes = (0..<3).filter { _ in generator.index(below: 2) == 0 }
      let keeping = generator.index(below: 2) == 0
      return (
        [generator.normalTensor(shape: shape, deviation: 1)],
        { $0[0].sum(axes: axes, keepingAxes: keeping) }
      )
    },
    OperatorCase("mean", shapes: matrix) { $0[0].mean(axes: [0]) },
    OperatorCase("mean of all", shapes: matrix) { $0[0].mean() },
    OperatorCase("reshape", shapes: matrix) { $0[0].reshaped(to: [$0[0].value.count, 1]).tanh() },
    OperatorCase("transpose") { generator in
      let shape = (0..<(1 + generator.index(below: 4))).map { _ in length(&generator) }
      let permutation = generator.permutation(of: shape.count)
      return (
        [generator.normalTensor(shape: shape, deviation: 1)],
        { $0[0].transposed(permutation) }
      )
    },
    OperatorCase("concatenate") { generator in
      let shape = (0..<3).map { _ in length(&generator) }
      let axis = generator.index(below: 3)
      let inputs: [Tensor<Double>] = (0..<3).map { _ in
        var shape = shape
        shape[axis] = length(&generator)
        return generator.normalTensor(shape: shape, deviation: 1)
      }
      return (inputs, { .concatenated($0, axis: axis) })
    },
    segmentCase("gather", inputIsTable: true) { $0.gathered(by: $1) },
    segmentCase("segment sum") { $0.segmentSum(by: $1) },
    segmentCase("segment mean") { $0.segmentMean(by: $1) },
    segmentCase("segment max") { $0.segmentMax(by: $1) },
    segmentCase("segment softmax") { $0.segmentSoftmax(by: $1) },
    segmentCase("segment log-softmax") { $0.segmentLogSoftmax(by: $1) },
    maskedCase("masked softmax") { $0.softmax(legal: $1) },
    maskedCase("masked log-softmax") { input, legal in
      // What illegal entries hold is no number to differentiate: only legal ones count.
      let mask = Tensor<Double>(shape: input.shape, scalars: legal.map { $0 ? 1 : 0 })
      return input.logSoftmax(legal: legal) * input.tape.constant(mask)
    },
    OperatorCase("softmax", shapes: matrix) { $0[0].softmax() },
    OperatorCase("log-softmax", shapes: matrix) { $0[0].logSoftmax() },
    OperatorCase(
      "layer norm",
      shapes: { generator in
        let width = 2 + generator.index(below: 5)
        return [[length(&generator), width], [width], [width]]
      }, apply: { $0[0].layerNorm(gain: $0[1], bias: $0[2], epsilon: 0.1) }),
  ]
