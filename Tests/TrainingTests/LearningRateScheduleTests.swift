import Testing
import Training

/// The expected values are those of PyTorch 2.15 with a learning rate of 1, read before each step:
///
///     cosine, warm-up of w steps: SequentialLR(o, [LinearLR(o, 1 / w, total_iters=w - 1),
///         CosineAnnealingLR(o, T_max=total - w, eta_min=final)], [w])
///     one-cycle: OneCycleLR(o, max_lr=1, total_steps=total, pct_start=peak_at, div_factor=25,
///         final_div_factor=400)
@Suite struct LearningRateScheduleTests {
  struct Golden: Sendable {
    let schedule: LearningRateSchedule
    let total: Int
    let factors: [Int: Float]
  }

  static let goldens = [
    Golden(
      schedule: .cosine(warmupEpochs: 2, final: 0.01), total: 300,
      factors: [
        0: 0.05, 1: 0.1, 10: 0.55, 19: 1, 20: 1, 21: 0.999968843, 100: 0.813627452, 160: 0.505,
        250: 0.085871521, 299: 0.010031157,
      ]),
    Golden(
      schedule: .cosine(), total: 300,
      factors: [0: 1, 1: 0.999972585, 100: 0.75, 150: 0.5, 299: 2.7415e-05]),
    Golden(
      schedule: .oneCycle(), total: 300,
      factors: [
        0: 0.04, 1: 0.040432496, 37: 0.52, 74: 1, 75: 0.999951267, 76: 0.999805077,
        150: 0.743955437, 250: 0.112616503, 298: 0.000148733, 299: 0.0001,
      ]),
    Golden(
      schedule: .oneCycle(peakAt: 0.3), total: 37,
      factors: [
        0: 0.04, 5: 0.51253513, 10: 0.999767816, 11: 0.99702388, 20: 0.680819075, 36: 0.0001,
      ]),
    Golden(
      schedule: .constant(warmupEpochs: 0.5), total: 300,
      factors: [0: 0.2, 1: 0.4, 4: 1, 5: 1, 299: 1]),
  ]

  @Test(arguments: goldens) func agreesWithPyTorch(golden: Golden) {
    for (step, expected) in golden.factors {
      let factor = golden.schedule.factor(step: step, of: golden.total, stepsPerEpoch: 10)
      #expect(abs(factor - expected) < 1e-6, "step \(step)")
    }
  }

  /// Short trainings, even shorter than their warm-up, have factors from 0 to 1 and never NaN.
  @Test(arguments: [
    LearningRateSchedule.constant(), .constant(warmupEpochs: 3), .cosine(),
    .cosine(warmupEpochs: 3, final: 0.5), .oneCycle(), .oneCycle(peakAt: 0.001),
    .oneCycle(peakAt: 0.999),
  ])
  func staysWithinBounds(schedule: LearningRateSchedule) {
    for total in 1...40 {
      for step in 0..<total {
        let factor = schedule.factor(step: step, of: total, stepsPerEpoch: 4)
        #expect(factor >= 0 && factor <= 1)
      }
    }
  }
}
