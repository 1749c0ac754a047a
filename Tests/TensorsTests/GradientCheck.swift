import Tensors
import Testing

/// An operator with inputs for it, whose gradient is to be compared with central differences.
struct OperatorCase: Sendable, CustomTestStringConvertible {
  typealias Operator = @Sendable ([Variable<Double>]) -> Variable<Double>

  let testDescription: String
  /// Draws input shapes and the operator to apply, which may hold index maps or masks of its own.
  let draw: @Sendable (inout SeededGenerator) -> (inputs: [Tensor<Double>], apply: Operator)

  init(
    _ name: String,
    draw: @escaping @Sendable (inout SeededGenerator) -> ([Tensor<Double>], Operator)
  ) {
    testDescription = name
    self.draw = draw
  }

  /// An operator on inputs of randomly drawn shapes.
  init(
    _ name: String, shapes: @escaping @Sendable (inout SeededGenerator) -> [[Int]],
    apply: @escaping Operator
  ) {
    self.init(name) { generator in
      (shapes(&generator).map { generator.normalTensor(shape: $0, deviation: 1) }, apply)
    }
  }
}

/// The largest difference between the tape's gradients and central differences, relative to their size.
///
/// The loss is the operator's result times fixed random weights, summed, so that every element matters.
func gradientError(of operatorCase: OperatorCase, seed: UInt64) -> Double {
  var generator = SeededGenerator(seed: seed)
  let (inputs, apply) = operatorCase.draw(&generator)
  let probe = Tape<Double>(isRecording: false)
  let shape = apply(inputs.map(probe.constant)).shape
  let weights: Tensor<Double> = generator.normalTensor(shape: shape, deviation: 1)

  func loss(_ variables: [Variable<Double>], on tape: Tape<Double>) -> Variable<Double> {
    (apply(variables) * tape.constant(weights)).sum()
  }

  let tape = Tape<Double>()
  let variables = inputs.map(tape.variable)
  let gradients = tape.gradients(of: loss(variables, on: tape))

  var worst = 0.0
  let step = 1e-6
  for (i, variable) in variables.enumerated() {
    for element in 0..<inputs[i].count {
      func value(movedBy distance: Double) -> Double {
        let tape = Tape<Double>(isRecording: false)
        var scalars = inputs[i].scalars
        scalars[element] += distance
        var moved = inputs
        moved[i] = Tensor(shape: inputs[i].shape, scalars: scalars)
        return loss(moved.map(tape.constant), on: tape).value.scalar
      }
      let numeric = (value(movedBy: step) - value(movedBy: -step)) / (2 * step)
      let exact = gradients[variable].scalars[element]
      worst = max(worst, abs(numeric - exact) / max(1, abs(numeric), abs(exact)))
    }
  }
  return worst
}
