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

  /// Images as a kernel reads them.
  ///
  /// - Parameters:
  ///   - group: channels that are read together; blocks of eight may reach over a group's end.
  ///   - readsWholeBlocks: whether it reads eight channels even where there are fewer in all.
  init(extent: Extent, channels: Int, halo: Pads, group: Int, readsWholeBlocks: Bool) {
    self.extent = extent
    self.channels = channels
    self.halo = halo
    let isWhole = channels % 8 == 0 || (channels < 8 && !readsWholeBlocks)
    // The last group's last block must not reach over the end of a tensor.
    isPlain = halo == .none && isWhole && (group == channels || group % 8 == 0)
    pixelStride = isWhole ? channels : (channels + 7) / 8 * 8
  }

  private var padded: Extent {
    Extent(extent.height + halo.top + halo.bottom, extent.width + halo.left + halo.right)
  }

  /// Floats of one image with its halo.
  var imageStride: Int { padded.area * pixelStride }

  /// Where a pixel stands, counted with the halo.
  func offset(row: Int, column: Int) -> Int { (row * padded.width + column) * pixelStride }

  /// Memory for so many images if they cannot be used where they are.
  func scratch(images: Int) -> [Float] { isPlain ? [] : padding(images: images) }

  /// Zeros for so many images; a few more, as blocks of eight may reach over the end.
  func padding(images: Int) -> [Float] {
    [Float](repeating: 0, count: images * imageStride + 8)
  }

  /// Calls `body` with the first element of each row of some images, and where that belongs in `padding`.
  func forEachRow(of images: Range<Int>, _ body: (_ first: Int, _ place: Int) -> Void) {
    let row = extent.width * channels
    for (index, image) in images.enumerated() {
      for y in 0..<extent.height {
        body(
          (image * extent.height + y) * row,
          index * imageStride + offset(row: y + halo.top, column: halo.left))
      }
    }
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
      forEachRow(of: range) { first, place in
        let (from, to) = (base + first, target + place)
        if channels == pixelStride {
          to.update(from: from, count: extent.width * channels)
        } else {
          for x in 0..<extent.width {
            (to + x * pixelStride).update(from: from + x * channels, count: channels)
          }
        }
      }
      body(target)
    }
  }
}
