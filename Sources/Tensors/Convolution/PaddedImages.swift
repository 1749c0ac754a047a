internal import ModelGraph

/// Images, channels last, with a halo of zeros around them and channels in whole blocks of eight, so that
/// the kernels need not test for borders.
struct PaddedImages {
  let extent: Extent
  let channels: Int
  let halo: Pads
  /// Floats of one pixel.
  let pixelStride: Int
  /// Whether the images can be used where they are.
  private let isPlain: Bool

  init(extent: Extent, channels: Int, halo: Pads, isGrouped: Bool) {
    self.extent = extent
    self.channels = channels
    self.halo = halo
    let isWhole = channels % 8 == 0 || (channels < 8 && !isGrouped)
    isPlain = halo == .none && isWhole
    pixelStride = isWhole ? channels : (channels + 7) / 8 * 8
  }

  private var padded: Extent {
    Extent(extent.height + halo.top + halo.bottom, extent.width + halo.left + halo.right)
  }

  /// Floats of one image with its halo.
  var imageStride: Int { padded.area * pixelStride }

  /// Where a pixel stands, counted with the halo.
  func offset(row: Int, column: Int) -> Int { (row * padded.width + column) * pixelStride }

  /// Memory for so many images; a few floats more, as blocks of eight may reach over the end.
  func scratch(images: Int) -> [Float] {
    isPlain ? [] : [Float](repeating: 0, count: images * imageStride + 8)
  }

  /// Calls `body` with some of the images in `tensor`, copied to `scratch` if they need a halo.
  func withImages(
    _ range: Range<Int>, of tensor: UnsafeBufferPointer<Float>, scratch: inout [Float],
    _ body: (UnsafePointer<Float>) -> Void
  ) {
    let size = extent.area * channels
    precondition(tensor.count >= range.upperBound * size)
    guard let base = tensor.baseAddress else { return }
    if isPlain { return body(base + range.lowerBound * size) }
    scratch.withUnsafeMutableBufferPointer { scratch in
      guard let target = scratch.baseAddress else { return }
      for (place, image) in range.enumerated() {
        for y in 0..<extent.height {
          let from = base + image * size + y * extent.width * channels
          let to =
            target + place * imageStride + offset(row: y + halo.top, column: halo.left)
          if channels == pixelStride {
            to.update(from: from, count: extent.width * channels)
          } else {
            for x in 0..<extent.width {
              (to + x * pixelStride).update(from: from + x * channels, count: channels)
            }
          }
        }
      }
      body(target)
    }
  }
}
