import Tensors
import Testing

// The expected numbers were printed by this recipe (Python 3, NumPy 2.4):
//
// import numpy as np
// def show(name, x): print(f"    {name} [" + ", ".join(repr(round(float(v), 9)) for v in np.asarray(x).ravel()) + "]")
// def grid(*shape): return (np.arange(np.prod(shape)) * 7 % 11 - 5.0).reshape(shape) / 4
// a, b = grid(2, 3), grid(3, 2)
// show("matmul", a @ b)
// e = np.exp(a - a.max(1, keepdims=True)); show("softmax", e / e.sum(1, keepdims=True))
// m = np.array([[1, 0, 1], [0, 1, 1]]); e = np.exp(a) * m; show("masked", e / e.sum(1, keepdims=True))
// show("layerNorm", (a - a.mean(1, keepdims=True)) / np.sqrt(a.var(1, keepdims=True) + 1e-5) * [1, 2, 3] + [0, 1, -1])
// x, s = grid(5, 2), np.array([2, 0, 2, 2, 0])
// segsum = np.zeros((4, 2)); np.add.at(segsum, s, x); show("segmentSum", segsum)
// segmax = np.full((4, 2), -np.inf); np.maximum.at(segmax, s, x); segmax[np.isinf(segmax)] = 0; show("segmentMax", segmax)
// z = np.zeros((4, 2)); np.add.at(z, s, np.exp(x)); soft = np.exp(x) / z[s]; show("segmentSoftmax", soft)
// show("segmentLogSoftmax", np.log(soft))
// show("elu", np.where(a > 0, a, 1.5 * np.expm1(a)))
// show("tanh", np.tanh(a)); show("sigmoid", 1 / (1 + np.exp(-a)))
// show("divide", grid(2, 1, 3) / (grid(4, 1) + 10))
// show("transpose", np.transpose(grid(2, 3, 2), (2, 0, 1)))
// show("mean", grid(2, 3, 2).mean((0, 2)))
// p = np.array([1.0, -2.0]); mm = np.zeros(2); v = np.zeros(2)
// for t, g in enumerate(([0.5, -1.0], [0.25, 3.0], [-1.0, 0.0]), 1):
//     g = np.array(g); mm = 0.9 * mm + 0.1 * g; v = 0.999 * v + 0.001 * g * g
//     p = p - 0.1 * 0.01 * p - 0.1 * (mm / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
// show("adam", p)

@Suite struct GoldenValueTests {
  struct Golden: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let compute: @Sendable (Tape<Float>) -> Variable<Float>
    let expected: [Float]

    init(
      _ name: String, _ expected: [Float],
      compute: @escaping @Sendable (Tape<Float>) -> Variable<Float>
    ) {
      testDescription = name
      self.expected = expected
      self.compute = compute
    }
  }

  @Test(arguments: goldens)
  func operatorAgreesWithNumPy(_ golden: Golden) {
    let values = golden.compute(Tape(isRecording: false)).value.scalars
    #expect(values.count == golden.expected.count)
    for (value, expected) in zip(values, golden.expected) {
      #expect(abs(value - expected) < 2e-6 * max(1, abs(expected)))
    }
  }

  static let segments = Segments([2, 0, 2, 2, 0], count: 4)

  static let goldens: [Golden] = [
    Golden("matmul", [1.1875, 0.375, -1.875, 1.5]) { $0.grid(2, 3).matmul($0.grid(3, 2)) },
    Golden(
      "softmax",
      [0.112719205, 0.648654237, 0.238626558, 0.665240956, 0.244728471, 0.090030573]
    ) { $0.grid(2, 3).softmax() },
    Golden(
      "masked softmax", [0.320821301, 0.0, 0.679178699, 0.0, 0.731058579, 0.268941421]
    ) { $0.grid(2, 3).softmax(legal: [true, false, true, false, true, true]) },
    Golden(
      "layer norm",
      [-1.162465077, 3.557423169, -1.348739523, 1.224735686, 1.0, -4.674207058]
    ) {
      $0.grid(2, 3).layerNorm(gain: $0.vector([1, 2, 3]), bias: $0.vector([0, 1, -1]))
    },
    Golden("segment sum", [-1.5, 2, 0, 0, 0, -0.25, 0, 0]) {
      $0.grid(5, 2).segmentSum(by: segments)
    },
    Golden("segment max", [-0.5, 1.25, 0, 0, 1, 0.5, 0, 0]) {
      $0.grid(5, 2).segmentMax(by: segments)
    },
    Golden(
      "segment softmax",
      [
        0.066802834, 0.528252124, 0.622459331, 0.622459331, 0.299389529, 0.151346767, 0.633807638,
        0.320401109, 0.377540669, 0.377540669,
      ]
    ) { $0.grid(5, 2).segmentSoftmax(by: segments) },
    Golden(
      "segment log-softmax",
      [
        -2.706009781, -0.638181602, -0.474076984, -0.474076984, -1.206009781, -1.888181602,
        -0.456009781, -1.138181602, -0.974076984, -0.974076984,
      ]
    ) { $0.grid(5, 2).segmentLogSoftmax(by: segments) },
    Golden("elu", [-1.070242805, 0.5, -0.59020401, 1.25, 0.25, -0.791450171]) {
      $0.grid(2, 3).elu(alpha: 1.5)
    },
    Golden(
      "tanh", [-0.84828364, 0.462117157, -0.462117157, 0.84828364, 0.244918662, -0.635148952]
    ) { $0.grid(2, 3).tanh() },
    Golden(
      "sigmoid", [0.222700139, 0.622459331, 0.377540669, 0.777299861, 0.562176501, 0.320821301]
    ) { $0.grid(2, 3).sigmoid() },
    Golden(
      "broadcast division",
      [
        -0.142857143, 0.057142857, -0.057142857, -0.119047619, 0.047619048, -0.047619048,
        -0.131578947, 0.052631579, -0.052631579, -0.111111111, 0.044444444, -0.044444444,
        0.142857143, 0.028571429, -0.085714286, 0.119047619, 0.023809524, -0.071428571,
        0.131578947, 0.026315789, -0.078947368, 0.111111111, 0.022222222, -0.066666667,
      ]
    ) { $0.grid(2, 1, 3) / ($0.grid(4, 1) + 10) },
    Golden(
      "transpose", [-1.25, -0.5, 0.25, 1, -1, -0.25, 0.5, 1.25, -0.75, 0, 0.75, -1.25]
    ) { $0.grid(2, 3, 2).transposed([2, 0, 1]) },
    Golden("mean", [0.0625, 0.125, -0.5]) { $0.grid(2, 3, 2).mean(axes: [0, 2]) },
  ]

  @Test func adamAgreesWithNumPy() {
    var parameters = Parameters()
    let key = parameters.add("weight", Tensor(shape: [2], scalars: [1, -2]))
    var adam = Adam(learningRate: 0.1, weightDecay: 0.01)
    for gradient in [[0.5, -1], [0.25, 3], [-1, 0]] as [[Float]] {
      adam.update(&parameters, gradients: [Tensor(shape: [2], scalars: gradient)])
    }
    for (value, expected) in zip(parameters[key].scalars, [0.82471386, -1.98177648]) {
      #expect(abs(value - Float(expected)) < 1e-5)
    }
  }
}

extension Tape<Float> {
  /// The recipe's `grid`.
  fileprivate func grid(_ shape: Int...) -> Variable<Float> {
    let count = shape.reduce(1, *)
    let scalars = (0..<count).map { (Float($0 * 7 % 11) - 5) / 4 }
    return constant(Tensor(shape: shape, scalars: scalars))
  }

  fileprivate func vector(_ scalars: [Float]) -> Variable<Float> {
    constant(Tensor(shape: [scalars.count], scalars: scalars))
  }
}
