internal import Formats
internal import Foundation
internal import Tensors

/// How images are changed at random before they are shown, in this order: crop of either kind, flip, colour, cutout,
/// mixup.
///
/// A vector or a row of tokens is only mixed.
public struct Augmentation: Sendable, Hashable {
  /// The least share of the image's area that a piece at a random place has, which is resized to what the network reads; its
  /// aspect is from 3/4 to 4/3 of that (arXiv 1409.4842, torchvision's `RandomResizedCrop`). Of a photograph the piece is
  /// cut from its file's own pixels. Nil cuts none, and excludes `crop`.
  public var resizedCrop: Float?
  /// So many pixels of byte 0 are put around the image, of which a piece of its old size is cut out.
  public var crop: Int
  /// Whether every other image is mirrored, left to right.
  public var isFlipping: Bool
  /// Brightness, contrast and saturation are each taken times a factor from 1 - `color` to 1 + `color`, as torchvision's
  /// `ColorJitter` does, in this order; 0 leaves colours. Images that are no bytes keep theirs.
  public var color: Float
  /// The side in pixels of a square at a random place that is set to zero after normalisation, as far as
  /// it lies within the image (arXiv 1708.04552); 0 is none.
  public var cutout: Int
  /// Alpha of the distribution Beta(alpha, alpha) that two images of a batch are mixed by, the share
  /// being the same for the whole batch (arXiv 1710.09412); nil mixes none.
  public var mixup: Float?

  /// Creates an augmentation; by default it changes nothing.
  public init(
    crop: Int = 0, resizedCrop: Float? = nil, isFlipping: Bool = false, color: Float = 0,
    cutout: Int = 0, mixup: Float? = nil
  ) {
    self.crop = crop
    self.resizedCrop = resizedCrop
    self.isFlipping = isFlipping
    self.color = color
    self.cutout = cutout
    self.mixup = mixup
  }

  /// Draws the change of one image.
  ///
  /// - Parameters:
  ///   - height: what the network reads.
  ///   - original: the size of the image, if it is another one.
  func change(
    height: Int, width: Int, of original: (height: Int, width: Int)? = nil,
    using generator: inout SeededGenerator
  ) -> ImageChange {
    var change = ImageChange()
    if crop > 0 {
      change.rowShift = generator.index(below: 2 * crop + 1) - crop
      change.columnShift = generator.index(below: 2 * crop + 1) - crop
    }
    if let resizedCrop {
      let original = original ?? (height, width)
      change.piece = PieceOfImage(
        leastArea: Double(resizedCrop), aspect: Double(width) / Double(height),
        height: original.height, width: original.width, using: &generator)
    }
    if isFlipping { change.isFlipped = generator.index(below: 2) == 1 }
    if color > 0 {
      func factor() -> Float { 1 + color * Float(2 * generator.uniform() - 1) }
      change.colors = ColorChange(
        brightness: factor(), contrast: factor(), saturation: factor())
    }
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
/// image, or that of a piece of it, mirrored if asked for; then colours are changed and a hole is cut.
struct ImageChange {
  var piece: PieceOfImage?
  var colors: ColorChange?
  var rowShift = 0
  var columnShift = 0
  var isFlipped = false
  var holeRows = 0..<0
  var holeColumns = 0..<0
}

extension PieceOfImage {
  /// A piece of an image at a random place, with a random share of its area and an aspect that is up to a third from
  /// `aspect`, width over height; if ten of them do not fit, the largest one in the middle whose aspect does.
  init(
    leastArea: Double, aspect: Double, height: Int, width: Int,
    using generator: inout SeededGenerator
  ) {
    let area = Double(height * width)
    for _ in 0..<10 {
      let share = leastArea + (1 - leastArea) * generator.uniform()
      let aspect = aspect * exp(log(4.0 / 3) * (2 * generator.uniform() - 1))
      let rows = Int((area * share / aspect).squareRoot().rounded())
      let columns = Int((area * share * aspect).squareRoot().rounded())
      guard (1...height).contains(rows), (1...width).contains(columns) else { continue }
      let top = generator.index(below: height - rows + 1)
      let left = generator.index(below: width - columns + 1)
      self.init(rows: top..<top + rows, columns: left..<left + columns)
      return
    }
    let rows = min(height, max(1, Int((Double(width) / aspect * 4 / 3).rounded())))
    let columns = min(width, max(1, Int((Double(height) * aspect * 4 / 3).rounded())))
    let (top, left) = ((height - rows) / 2, (width - columns) / 2)
    self.init(rows: top..<top + rows, columns: left..<left + columns)
  }
}

/// Factors of colours.
struct ColorChange: Hashable {
  var brightness: Float = 1
  var contrast: Float = 1
  var saturation: Float = 1
}

extension ColorChange {
  /// Changes values of bytes, from 0 to 255, channels last. Grey is the luminance of three channels (ITU-R BT.601) and
  /// the mean of others.
  func apply(to pixels: inout [Float], channels: Int) {
    func blend(_ value: Float, _ other: Float, _ factor: Float) -> Float {
      min(max(factor * value + (1 - factor) * other, 0), 255)
    }
    func grey(_ pixels: [Float], _ start: Int) -> Float {
      channels == 3
        ? 0.299 * pixels[start] + 0.587 * pixels[start + 1] + 0.114 * pixels[start + 2]
        : pixels[start..<start + channels].reduce(0, +) / Float(channels)
    }
    for place in pixels.indices { pixels[place] = blend(pixels[place], 0, brightness) }
    let starts = stride(from: 0, to: pixels.count, by: channels)
    let mean = starts.reduce(0) { $0 + grey(pixels, $1) } / Float(max(pixels.count / channels, 1))
    for place in pixels.indices { pixels[place] = blend(pixels[place], mean, contrast) }
    for start in starts where channels > 1 {
      let grey = grey(pixels, start)
      for place in start..<start + channels {
        pixels[place] = blend(pixels[place], grey, saturation)
      }
    }
  }
}
