internal import Foundation
internal import Patterns

/// What a strategy gained over the one that it was made from, on the same images.
struct Trial: Hashable, Sendable, Codable {
  /// The choices of the strategy that it was made from.
  var parent: [Pattern]
  /// Its own.
  var choices: [Pattern]
  /// By how much the logarithm of its divergence is less, as far as the images that were looked at tell.
  var gain: Double
  /// The standard error of the gain.
  var deviation: Double

  /// A trial by two looks at the same images.
  ///
  /// The divergence is what counts, but few images decide most of it, so that few say little of a difference. All have a
  /// say in the squared error of the logits, of which the divergence is nearly a power: what that gained is known far
  /// better, and by how much the divergence gained more or less is believed as far as it is sure. On four networks and
  /// 128 to 1,000 images that is never less correlated with what others say than the divergence alone, mostly much more.
  ///
  /// Both gains are shares of the parent's means over all images, of which these may be few: a mean of few images, in the
  /// denominator, would make them far more uncertain than the paired differences are.
  ///
  /// - Parameter whole: what all images say of the parent.
  init(
    _ choices: [Pattern], _ look: Look, parent: [Pattern], _ other: Look, whole: Look
  ) {
    self.parent = parent
    self.choices = choices
    func changes(_ values: KeyPath<Look, [Double]>) -> [Double] {
      let mean = max(whole[keyPath: values].mean, 1e-9)
      return zip(look[keyPath: values], other[keyPath: values]).map { ($0 - $1) / mean }
    }
    let (divergences, errors) = (changes(\.divergences), changes(\.errors))
    func ratio(_ changes: [Double]) -> Double { max(1 + changes.mean, 0.05) }
    let (byErrors, byDivergences) = (-log(ratio(errors)), -log(ratio(divergences)))
    let unsureness = zip(divergences, errors).map { $0 - $1 }.varianceOfMean
    let trust = Self.difference * Self.difference / (Self.difference * Self.difference + unsureness)
    gain = byErrors + trust * (byDivergences - byErrors)
    deviation =
      (errors.varianceOfMean / (ratio(errors) * ratio(errors)) + trust * unsureness).squareRoot()
  }

  /// How far the gains by divergences and by errors typically are from each other, but for chance.
  private static let difference = 0.04
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
