internal import Metrics
internal import Search

extension Measurement {
  /// The most by which the scores of two strategies that are equally good differ by chance, in 95 % of cases.
  ///
  /// As if the two had seen different images: that they see the same ones makes it less. The divergences of images
  /// are taken to vary as much as their mean is large.
  var noise: Double {
    let images = Double(max(accuracy.images, 1))
    let (p, z) = (accuracy.fraction, 1.96)
    guard let divergence else { return z * (2 * p * (1 - p) / images).squareRoot() }
    return z * (2 / images).squareRoot() * divergence * score
  }
}
