internal import Foundation

/// How the learning rate changes from step to step.
public enum LearningRateSchedule: Sendable, Hashable {
  /// The full rate after the warm-up.
  case constant(warmupEpochs: Float = 0)
  /// Half a cosine from the full rate after the warm-up to the share `final` of it (arXiv 1608.03983,
  /// without restarts).
  case cosine(warmupEpochs: Float = 0, final: Float = 0)
  /// Up from 1/25 of the full rate, reached after the share `peakAt` of all steps, and down to 1/10000
  /// of it, both along half a cosine (arXiv 1708.07120).
  case oneCycle(peakAt: Float = 0.25)

  /// The factor of the learning rate.
  ///
  /// A warm-up of n steps is linear: 1/n at the first step, 1 at the n-th.
  /// - Parameters:
  ///   - step: the step, from 0.
  ///   - total: the steps of the whole training.
  ///   - stepsPerEpoch: the steps of an epoch.
  public func factor(step: Int, of total: Int, stepsPerEpoch: Int) -> Float {
    switch self {
    case .constant(let warmupEpochs):
      let warmup = Self.steps(warmupEpochs, stepsPerEpoch)
      return step < warmup ? Float(step + 1) / Float(warmup) : 1
    case .cosine(let warmupEpochs, let final):
      let warmup = Self.steps(warmupEpochs, stepsPerEpoch)
      if step < warmup { return Float(step + 1) / Float(warmup) }
      let progress = Double(step - warmup) / Double(max(1, total - warmup))
      return Float(Self.anneal(from: 1, to: Double(final), progress))
    case .oneCycle(let peakAt):
      let peak = Double(peakAt) * Double(total) - 1
      let last = Double(total - 1)
      let factor =
        Double(step) <= peak
        ? Self.anneal(from: 1.0 / 25, to: 1, peak > 0 ? Double(step) / peak : 1)
        : Self.anneal(from: 1, to: 1e-4, last > peak ? (Double(step) - peak) / (last - peak) : 1)
      return Float(factor)
    }
  }

  private static func steps(_ epochs: Float, _ stepsPerEpoch: Int) -> Int {
    Int((Double(epochs) * Double(stepsPerEpoch)).rounded())
  }

  /// Half a cosine; `progress` from 0 to 1.
  private static func anneal(from start: Double, to end: Double, _ progress: Double) -> Double {
    end + (start - end) * (1 + cos(.pi * min(max(progress, 0), 1))) / 2
  }
}
