internal import Tensors

/// How images are changed at random before they are shown, in this order: crop, flip, cutout, mixup.
///
/// A vector or a row of tokens is only mixed.
public struct Augmentation: Sendable, Hashable {
  /// So many pixels of byte 0 are put around the image, of which a piece of its old size is cut out.
  public var crop: Int
  /// Whether every other image is mirrored, left to right.
  public var isFlipping: Bool
  /// The side in pixels of a square at a random place that is set to zero after normalisation, as far as
  /// it lies within the image (arXiv 1708.04552); 0 is none.
  public var cutout: Int
  /// Alpha of the distribution Beta(alpha, alpha) that two images of a batch are mixed by, the share
  /// being the same for the whole batch (arXiv 1710.09412); nil mixes none.
  public var mixup: Float?

  /// Creates an augmentation; by default it changes nothing.
  public init(crop: Int = 0, isFlipping: Bool = false, cutout: Int = 0, mixup: Float? = nil) {
    self.crop = crop
    self.isFlipping = isFlipping
    self.cutout = cutout
    self.mixup = mixup
  }

  /// Draws the change of one image of the given size.
  func change(
    height: Int, width: Int, using generator: inout SeededGenerator
  ) -> ImageChange {
    var change = ImageChange()
    if crop > 0 {
      change.rowShift = generator.index(below: 2 * crop + 1) - crop
      change.columnShift = generator.index(below: 2 * crop + 1) - crop
    }
    if isFlipping { change.isFlipped = generator.index(below: 2) == 1 }
    if cutout > 0, height > 0, width > 0 {
      let top = generator.index(below: height) - cutout / 2
      let left = generator.index(below: width) - cutout / 2
      change.holeRows = (top..<top + cutout).clamped(to: 0..<height)
      change.holeColumns = (left..<left + cutout).clamped(to: 0..<width)
    }
    return change
  }
}

/// The change of one image: pixel (y, x) of the result is pixel (y + rowShift, x + columnShift) of the
/// image, mirrored if asked for; then a hole is cut.
struct ImageChange {
  var rowShift = 0
  var columnShift = 0
  var isFlipped = false
  var holeRows = 0..<0
  var holeColumns = 0..<0
}
