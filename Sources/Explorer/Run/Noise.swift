internal import Metrics
internal import Search

extension Measurement {
  /// The most by which the scores of two strategies that are equally good differ by chance, in 95 % of cases.
  ///
  /// As if the two had seen different images, whose divergences vary as much as their mean is large. They vary 2.5
  /// times as much, but both see the same images: for six pairs of ResNet-20's strategies at 50 % of the MACs, the
  /// half-width of the difference was 0.6 to 1.2 times this, 0.95 in the mean.
  var noise: Double {
    let images = Double(max(accuracy.images, 1))
    let (p, z) = (accuracy.fraction, 1.96)
    guard let divergence else { return z * (2 * p * (1 - p) / images).squareRoot() }
    return z * (2 / images).squareRoot() * divergence * score
  }
}
