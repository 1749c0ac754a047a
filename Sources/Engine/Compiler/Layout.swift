import ModelGraph

/// How an activation lies in memory: NCHW8c, blocks of eight channels, each plane inside a halo of
/// zeros that stands for the padding of every convolution that reads it.
struct Layout: Hashable, Sendable {
  let channels: Int
  let height: Int
  let width: Int
  let halo: Pads

  init(_ shape: Shape, halo: Pads) {
    channels = shape.channels
    height = shape.height
    width = shape.width
    self.halo = halo
  }

  /// Blocks of eight channels, the last one filled up with zeros.
  var blocks: Int { (channels + 7) / 8 }
  /// Floats between two rows.
  var row: Int { (halo.left + width + halo.right) * 8 }
  /// Floats between two blocks.
  var plane: Int { (halo.top + height + halo.bottom) * row }
  /// Floats between two images.
  var image: Int { blocks * plane }
  /// Floats to the first pixel inside the halo.
  var origin: Int { pixel(0, 0) }

  /// Floats to the pixel at row `y`, column `x`; negative ones lie in the halo.
  func pixel(_ y: Int, _ x: Int) -> Int {
    (halo.top + y) * row + (halo.left + x) * 8
  }
}
