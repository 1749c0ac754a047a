import Tensors
import Testing
import Training

/// Golden values from PyTorch 2.15 in double precision: `cross_entropy(x, y, label_smoothing=0.1)` and
/// `kl_div(log_softmax(x / 2), softmax(t / 2), reduction="batchmean") * 4`, blended 0.6 to 0.4.
@Suite struct LossTests {
  private static let logits = Tensor<Double>(shape: [2, 3], scalars: [1, -0.5, 2, 0.3, 0.1, -1.2])
  private static let teacher = Tensor<Double>(
    shape: [2, 3], scalars: [0.8, -1, 1.5, -0.4, 0.9, 0.2])
  /// Labels 2 and 1, a tenth of each spread over all three classes.
  private static let targets = Tensor<Double>(
    shape: [2, 3], scalars: [0.1 / 3, 0.1 / 3, 0.9 + 0.1 / 3, 0.1 / 3, 0.9 + 0.1 / 3, 0.1 / 3])

  private func value(_ loss: Loss, teacher: Tensor<Double>?) -> (Double, [Double]) {
    let tape = Tape<Double>()
    let logits = tape.variable(Self.logits)
    let value = loss(logits, targets: Self.targets, teacher: teacher)
    return (value.value.scalar, tape.gradients(of: value)[logits].scalars)
  }

  @Test func agreesWithPyTorch() {
    #expect(abs(value(Loss(), teacher: nil).0 - 0.7193669847975914) < 1e-12)
    let (blend, gradient) = value(Loss(distillation: 0.4), teacher: Self.teacher)
    // The shares of the loss are single precision.
    #expect(abs(blend - 0.501243283795419) < 1e-7)
    let expected = [
      0.052714308310867236, 0.00996782316668225, -0.06268213147754945, 0.21141185349690855,
      -0.18709106555809213, -0.024320787938816476,
    ]
    #expect(zip(gradient, expected).allSatisfy { abs($0 - $1) < 1e-7 })
  }

  @Test func aStudentThatEqualsItsTeacherHasNoDivergence() {
    let (same, gradient) = value(Loss(distillation: 1), teacher: Self.logits)
    #expect(abs(same) < 1e-12 && gradient.allSatisfy { abs($0) < 1e-12 })
  }
}
