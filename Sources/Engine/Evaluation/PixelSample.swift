/// Some output pixels of a layer, drawn at random for each image: neighbours hardly differ, so a few
/// of each image tell as much as all of them.
///
/// The choice depends on nothing but the node and the image.
struct PixelSample {
  let node: Int
  /// Output pixels of an image.
  let pixels: Int
  /// How many of them are drawn.
  let count: Int

  /// So many pixels of each of `images` images that a layer's features are seen `samplesPerFeature`
  /// times their number, and at least 16,384 times, as far as there are pixels.
  init(node: Int, pixels: Int, features: Int, images: Int, samplesPerFeature: Int) {
    self.init(
      node: node, pixels: pixels, images: images,
      samples: max(16_384, samplesPerFeature * features))
  }

  /// So many pixels of each of `images` images that there are `samples`, as far as there are pixels.
  init(node: Int, pixels: Int, images: Int, samples: Int) {
    self.node = node
    self.pixels = pixels
    count = min(pixels, (samples + images - 1) / max(images, 1))
  }

  /// The pixels drawn for an image, ascending (Knuth, The Art of Computer Programming 3.4.2, algorithm S).
  func drawn(fromImage image: Int) -> [Int] {
    guard count < pixels else { return Array(0..<pixels) }
    var state = UInt64(truncatingIfNeeded: node) << 32 ^ UInt64(truncatingIfNeeded: image)
    var result: [Int] = []
    result.reserveCapacity(count)
    for pixel in 0..<pixels where result.count < count {
      let random = Self.next(&state) >> 33
      if random * UInt64(pixels - pixel) < UInt64(count - result.count) << 31 {
        result.append(pixel)
      }
    }
    return result
  }

  /// SplitMix64 (Steele et al. 2014).
  private static func next(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
