internal import Metrics
package import Search

/// The dense model's accuracy, as far as it has been measured.
package struct Baseline: Hashable, Sendable {
  /// The measurement on the most images; nil before the first.
  package private(set) var measurement: Measurement?
  /// Whether nothing more is to be measured.
  package var isFinal = false
  /// Correct answers on the first images, by their number.
  private var correct: [Int: Int] = [:]

  /// Takes a measurement; begun anew after something more urgent, it does not fall behind what is known.
  mutating func take(_ measurement: Measurement, isFinal: Bool) {
    let accuracy = measurement.accuracy
    if accuracy.images >= self.measurement?.accuracy.images ?? 0 { self.measurement = measurement }
    self.isFinal = isFinal
    correct[accuracy.images] = accuracy.correct
  }

  /// The accuracy on the first `images` images, if it was read there, otherwise on those known.
  func fraction(images: Int) -> Double? {
    fraction(ofFirst: images) ?? measurement?.accuracy.fraction
  }

  /// The accuracy on the first `images` images; nil if it was not read there.
  func fraction(ofFirst images: Int) -> Double? {
    correct[images].map { Double($0) / Double(max(images, 1)) }
  }
}
