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
  /// The choices that occur in trials, as units and places on their menus.
  private var choices: [(unit: Int, choice: Int)] = []
  private var places: [[Int: Int]]
  /// The logarithms of their factors.
  private var means: [Double] = []
  private var precision: Cholesky?
  private var rows: [Row] = []

  private struct Row {
    /// The units whose choices differ: what they were and what they became, nil for unknown losses.
    var changes: [(unit: Int, from: Int?, to: Int?)]
    /// The choices that both have.
    var kept: [(unit: Int, choice: Int)]
    var gain: Double
    var weight: Double
  }

  /// The deviation of t before there are trials.
  static let priorDeviation = 0.7
  /// How far gains are from what the losses can say, beside the error of their measurement.
  static let misfit = 0.03

  init(_ space: PruningSpace, _ sensitivity: Sensitivity) {
    self.space = space
    self.sensitivity = sensitivity
    places = space.units.map { _ in [:] }
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
          number.from == number.to ? number.from.map { (number.unit, $0) } : nil
        },
        gain: trial.gain,
        weight: 1 / (trial.deviation * trial.deviation + Self.misfit * Self.misfit))
    }
    for change in rows.suffix(trials.count).flatMap(\.changes) {
      for case let choice? in [change.from, change.to]
      where places[change.unit][choice] == nil
        && sensitivity.losses[unit: change.unit, choice: choice] > 0
      {
        places[change.unit][choice] = choices.count
        choices.append((change.unit, choice))
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
      let kept = row.kept.reduce(0.0) { $0 + losses[$1.unit][$1.choice] }
      var (before, after) = (kept, kept)
      for change in row.changes {
        if let from = change.from { before += losses[change.unit][from] }
        if let to = change.to { after += losses[change.unit][to] }
      }
      guard before > 0, after > 0 else { continue }
      let residual = row.gain - log(before / after)
      var slopes: [(place: Int, slope: Double)] = []
      for change in row.changes {
        if let from = change.from, let place = places[change.unit][from] {
          slopes.append((place, losses[change.unit][from] / before))
        }
        if let to = change.to, let place = places[change.unit][to] {
          slopes.append((place, -losses[change.unit][to] / after))
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

  private func losses(_ logarithms: [Double]) -> [[Double]] {
    space.units.indices.map { unit in
      sensitivity.losses[unit: unit].enumerated().map { choice, loss in
        let place = places[unit][choice]
        return Double(loss) * exp(place.map { logarithms[$0] } ?? 0)
      }
    }
  }

  /// The losses as they are expected now.
  var expected: Sensitivity {
    Sensitivity(losses: ChoiceTable(rows: losses(means).map { $0.map(Float.init) }))
  }

  /// Losses as they could be, drawn from what is known (Thompson sampling).
  func drawn(using generator: inout SeededGenerator) -> Sensitivity {
    var logarithms = means
    if let precision {
      let normals = means.map { _ in generator.normal() }
      for (place, deviation) in precision.deviations(normals).enumerated() {
        logarithms[place] += deviation
      }
    }
    var rows = losses(logarithms)
    for unit in rows.indices {
      for choice in rows[unit].indices where places[unit][choice] == nil {
        rows[unit][choice] *= exp(Self.priorDeviation * generator.normal())
      }
    }
    return Sensitivity(losses: ChoiceTable(rows: rows.map { $0.map(Float.init) }))
  }
}
