internal import Foundation
internal import LinearAlgebra
internal import Patterns
internal import Tensors

/// What the trials of a search say about the expected losses: which factor each of them is to be taken times.
///
/// The logarithm of a strategy's divergence is taken to be that of the sum of its choices' losses, up to a constant, so
/// that a trial is worth log(sum of the parent's losses) - log(sum of its own). Each loss l has a factor exp(t), and t
/// is normally distributed about 0 before there are trials: the critic begins as the planner. Trials give its mean by
/// Gauss and Newton's method, and its covariance by Laplace's approximation.
struct LossCritic: Sendable {
  private let space: PruningSpace
  private let sensitivity: Sensitivity
  /// Where in `means` the choices are that occur in trials.
  private var places: ChoiceTable<Int?>
  /// The logarithms of their factors.
  private var means: [Double] = []
  private var precision: Cholesky?
  private var rows: [Row] = []

  private struct Row {
    /// The units whose choices differ: what they were and what they became, nil for unknown losses.
    var changes: [(unit: Int, from: Int?, to: Int?)]
    /// The choices that both have.
    var kept: [UnitChoice]
    var gain: Double
    var weight: Double
  }

  /// The deviation of t before there are trials.
  static let priorDeviation = 0.5
  /// How far gains are from what the losses can say, beside the error of their measurement.
  static let misfit = 0.03

  init(_ space: PruningSpace, _ sensitivity: Sensitivity) {
    self.space = space
    self.sensitivity = sensitivity
    places = ChoiceTable(of: space) { _, _ in nil }
  }

  /// Takes more trials into account.
  mutating func learn(_ trials: [Trial]) {
    rows += trials.map { trial in
      let numbers = zip(trial.parent, trial.choices).enumerated().map { unit, patterns in
        (
          unit: unit, from: space.units[unit].menu.firstIndex(of: patterns.0),
          to: space.units[unit].menu.firstIndex(of: patterns.1)
        )
      }
      return Row(
        changes: numbers.filter { $0.from != $0.to },
        kept: numbers.compactMap { number in
          number.from == number.to
            ? number.from.map { UnitChoice(unit: number.unit, choice: $0) } : nil
        },
        gain: trial.gain,
        weight: 1 / (trial.deviation * trial.deviation + Self.misfit * Self.misfit))
    }
    for change in rows.suffix(trials.count).flatMap(\.changes) {
      for case let choice? in [change.from, change.to]
      where places[unit: change.unit, choice: choice] == nil
        && sensitivity.losses[unit: change.unit, choice: choice] > 0
      {
        places[unit: change.unit, choice: choice] = means.count
        means.append(0)
      }
    }
    for _ in 0..<3 { improve() }
  }

  /// One step of Gauss and Newton's.
  private mutating func improve() {
    let order = means.count
    guard order > 0 else { return }
    let losses = losses(means)
    var matrix = [Double](repeating: 0, count: order * order)
    let prior = 1 / (Self.priorDeviation * Self.priorDeviation)
    for index in 0..<order { matrix[index * (order + 1)] = prior }
    var gradient = means.map { -$0 * prior }
    for row in rows {
      let kept = row.kept.reduce(0.0) { $0 + losses[$1] }
      var (before, after) = (kept, kept)
      for change in row.changes {
        if let from = change.from { before += losses[unit: change.unit, choice: from] }
        if let to = change.to { after += losses[unit: change.unit, choice: to] }
      }
      guard before > 0, after > 0 else { continue }
      let residual = row.gain - log(before / after)
      var slopes: [(place: Int, slope: Double)] = []
      for change in row.changes {
        if let from = change.from, let place = places[unit: change.unit, choice: from] {
          slopes.append((place, losses[unit: change.unit, choice: from] / before))
        }
        if let to = change.to, let place = places[unit: change.unit, choice: to] {
          slopes.append((place, -losses[unit: change.unit, choice: to] / after))
        }
      }
      for (place, slope) in slopes {
        gradient[place] += row.weight * residual * slope
        for (other, otherSlope) in slopes {
          matrix[place * order + other] += row.weight * slope * otherSlope
        }
      }
    }
    guard let factor = Cholesky(SymmetricMatrix(order: order, values: matrix)) else { return }
    precision = factor
    for (place, step) in factor.solution(for: gradient).enumerated() {
      means[place] = min(max(means[place] + step, -3), 3)
    }
  }

  /// The losses times their factors; `other` gives the logarithm of a factor of which no trial says anything.
  private func losses(
    _ logarithms: [Double], other: () -> Double = { 0 }
  ) -> ChoiceTable<Double> {
    var losses = sensitivity.losses.map { _, loss in Double(loss) }
    for unit in space.units.indices {
      for choice in space.units[unit].menu.indices {
        let place = places[unit: unit, choice: choice]
        losses[unit: unit, choice: choice] *= exp(place.map { logarithms[$0] } ?? other())
      }
    }
    return losses
  }

  /// The losses as they are expected now.
  var expected: Sensitivity {
    Sensitivity(losses: losses(means).map { _, loss in Float(loss) })
  }

  /// Losses as they could be, drawn from what is known (Thompson sampling).
  func drawn(using generator: inout SeededGenerator) -> Sensitivity {
    let normals = means.map { _ in generator.normal() }
    let logarithms = zip(means, precision?.deviations(normals) ?? normals.map { _ in 0 }).map(+)
    let losses = losses(logarithms) { Self.priorDeviation * generator.normal() }
    return Sensitivity(losses: losses.map { _, loss in Float(loss) })
  }
}
