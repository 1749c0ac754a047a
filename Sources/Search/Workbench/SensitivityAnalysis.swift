internal import Formats
internal import Foundation
internal import ModelGraph
public import Patterns
internal import Pruning
public import Threads
internal import Training

extension Workbench {
  /// Multiply-accumulates that measurements may take where losses are estimated: a minute or two of a laptop's.
  private static let measuredWork = 2e12

  /// The expected loss of every choice: measured where that takes a minute or two at most; otherwise, where layers are
  /// reconstructed, estimated, and set right by as many measurements as that allows.
  ///
  /// - Parameter progress: called on some thread with the choices estimated or measured and those there are.
  /// - Returns: nil if `cancellation` was asked for.
  public func sensitivity(
    cancellation: Cancellation? = nil,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> Sensitivity? {
    let isEstimated = corrector != nil && method.correction.decisions == .reconstructed
    guard isEstimated, space.units.contains(where: { $0.menu.count > measuredChoices + 1 }) else {
      return try measuredSensitivity(cancellation: cancellation, progress: progress)
    }
    do {
      let estimate = try estimatedSensitivity(cancellation: cancellation, progress: progress)
      return try estimate.flatMap { try measuring($0, cancellation, progress) }
    } catch is TrainingError {
      return try measuredSensitivity(cancellation: cancellation, progress: progress)
    }
  }

  /// Choices of each unit that `measuredWork` is enough for.
  private var measuredChoices: Int {
    let images = min(calibration?.count ?? 0, Self.sensitivityImages)
    let work = Double(model.graph.macs) * Double(images) * Double(space.units.count)
    return Int(min(Self.measuredWork / max(work, 1), 1e6))
  }

  /// The expected loss of every choice by gradients (see `LogitJacobian`) where layers are reconstructed, otherwise
  /// measured.
  ///
  /// - Returns: nil if `cancellation` was asked for.
  /// - Throws: `TrainingError` if the model cannot be differentiated.
  public func estimatedSensitivity(
    cancellation: Cancellation? = nil,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> Sensitivity? {
    guard let corrector, method.correction.decisions == .reconstructed else {
      return try measuredSensitivity(cancellation: cancellation, progress: progress)
    }
    let losses = try corrector.expectedErrors(
      method.correction, cancellation: cancellation, progress: progress)
    if losses != nil { corrector.keepVariants() }
    return losses.map { Sensitivity(losses: $0) }
  }

  /// The estimate, set right by measurements of some choices of each unit.
  ///
  /// Gradients overrate large changes, by a factor that is the network's and the unit's own; between two measured
  /// choices of a unit its logarithm is interpolated by that of the estimate.
  private func measuring(
    _ estimate: Sensitivity, _ cancellation: Cancellation?,
    _ progress: @escaping @Sendable (Int, Int) -> Void
  ) throws -> Sensitivity? {
    let choices = space.units.indices.flatMap { unit in
      let losses = estimate.losses[unit: unit]
      let ranked = losses.indices.filter { losses[$0] > 0 }.sorted { losses[$0] < losses[$1] }
      return spread(ranked, count: measuredChoices).map { UnitChoice(unit: unit, choice: $0) }
    }
    let measured = try measuredErrors(of: choices, cancellation, progress)
    guard let measured else { return nil }
    var factors = [[(estimate: Double, factor: Double)]](repeating: [], count: space.units.count)
    for (choice, error) in zip(choices, measured) where error > 0 {
      let expected = Double(estimate.losses[choice])
      factors[choice.unit].append((log(expected), log(Double(error) / expected)))
    }
    return Sensitivity(
      losses: estimate.losses.map { unit, loss in
        loss > 0 ? loss * Float(exp(interpolated(factors[unit], at: log(Double(loss))))) : loss
      })
  }

  /// How far the logits move when one choice is made and everything else stays dense: the squared
  /// error over the variance of the dense logits, on calibration images, corrected. These
  /// errors add up well over units (see SPDY, arXiv 2201.09871).
  ///
  /// - Parameter progress: called on some thread with the choices measured and those there are.
  /// - Returns: nil if `cancellation` was asked for. Without calibration images, or when nothing is
  ///   to be corrected, the energy of the weights stands in.
  public func measuredSensitivity(
    cancellation: Cancellation? = nil,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> Sensitivity? {
    guard let corrector else { return Sensitivity(energyOf: model, in: space) }
    let choices = space.alternatives
    let errors = try measuredErrors(of: choices, cancellation, progress)
    guard let errors else { return nil }
    corrector.keepVariants()
    var losses = ChoiceTable<Float>(of: space) { _, _ in 0 }
    for (choice, error) in zip(choices, errors) { losses[choice] = error }
    return Sensitivity(losses: losses)
  }
}

/// So many of some elements, evenly spaced, the last one among them.
private func spread(_ elements: [Int], count: Int) -> [Int] {
  guard count < elements.count else { return elements }
  return (0..<count).map { elements[($0 + 1) * elements.count / count - 1] }
}

/// The factor at `place`, linear between known ones and constant beyond them; 0 without any.
private func interpolated(
  _ known: [(estimate: Double, factor: Double)], at place: Double
) -> Double {
  let known = known.sorted { $0.estimate < $1.estimate }
  guard let first = known.first, let last = known.last else { return 0 }
  guard let above = known.firstIndex(where: { $0.estimate >= place }), above > 0 else {
    return place <= first.estimate ? first.factor : last.factor
  }
  let (low, high) = (known[above - 1], known[above])
  let share = (place - low.estimate) / max(high.estimate - low.estimate, .leastNormalMagnitude)
  return low.factor + share * (high.factor - low.factor)
}
