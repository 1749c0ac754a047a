internal import Foundation
internal import Patterns

/// What a strategy gained over the one that it was made from, on the same images.
struct Trial: Hashable, Sendable, Codable {
  /// The choices of the strategy that it was made from.
  var parent: [Pattern]
  /// Its own.
  var choices: [Pattern]
  /// By how much the logarithm of its divergence is less, on the images that were looked at.
  var gain: Double
  /// The standard error of the gain.
  var deviation: Double

  /// A trial by two looks at the same images.
  ///
  /// The gain is that of the parent's divergence on all images, of which these may be few: a mean of few images, in
  /// the denominator, would make their gains far more uncertain than the paired differences are.
  init(_ choices: [Pattern], _ look: Look, parent: [Pattern], _ other: Look, divergence: Double) {
    self.parent = parent
    self.choices = choices
    let differences = zip(look.divergences, other.divergences).map { $0 - $1 }
    let count = Double(max(differences.count, 1))
    let mean = differences.reduce(0, +) / count
    let variance =
      differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(count - 1, 1)
    let whole = max(divergence, 1e-9)
    let ratio = max(1 + mean / whole, 0.05)
    gain = -log(ratio)
    deviation = (variance / count).squareRoot() / whole / ratio
  }

  /// How far gains of switches typically are from what was expected of them.
  private static let spread = 0.1

  /// The gain to believe in: between that which was seen and that which was expected, nearer to the surer one.
  ///
  /// Of many uncertain gains the one that was seen to be best would mostly be the luckiest.
  func credible(expected: Double = 0) -> Double {
    let trust = Self.spread * Self.spread
    return expected + (gain - expected) * trust / (trust + deviation * deviation)
  }
}
