internal import Foundation
package import Metrics

/// Ends an evaluation early that cannot beat what it is compared with.
public struct Race: Hashable, Sendable {
  /// The accuracy to beat on all images, 0 to 1.
  public var incumbent: Double
  /// How sure one must be that it will not be beaten, 0 to 1.
  public var confidence: Double

  /// A race against an accuracy.
  public init(against incumbent: Double, confidence: Double = 0.99) {
    self.incumbent = incumbent
    self.confidence = confidence
  }

  /// Whether the accuracy on all `images` images stays below the incumbent's, judged by those seen
  /// so far: for certain, or by Hoeffding's bound for drawing without replacement (Serfling 1974,
  /// corollary 1.1), shared among all `looks` at it (Bonferroni), so that the confidence holds for
  /// the whole race. The images must be in random order.
  package func isLost(_ seen: Accuracy, of images: Int, looks: Int) -> Bool {
    let best = Double(seen.correct + images - seen.images) / Double(images)
    if best < incumbent { return true }
    guard seen.images > 0, seen.images < images else { return false }
    let risk = (1 - confidence) / Double(max(looks, 1))
    let n = Double(seen.images)
    let unseen = 1 - (n - 1) / Double(images)
    let margin = (Foundation.log(1 / risk) * unseen / (2 * n)).squareRoot()
    return seen.fraction + margin < incumbent
  }
}
