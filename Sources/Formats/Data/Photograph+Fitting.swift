extension Photograph {
  /// The image as large as a model's input.
  func fitted(width: Int, height: Int, _ fitting: ImageFitting) -> Photograph {
    switch fitting {
    case .stretch: return resized(width: width, height: height)
    case .standardCrop:
      if (self.width, self.height) == (width, height) { return self }
      let side = (Double(min(width, height)) / 0.875).rounded()
      return fitted(width: width, height: height, .crop(shorterSide: Int(side)))
    case .crop(let side):
      let isWide = self.width >= self.height
      let (short, long) = isWide ? (self.height, self.width) : (self.width, self.height)
      let other = side * long / short
      let resized = resized(width: isWide ? other : side, height: isWide ? side : other)
      return resized.centre(width: width, height: height)
    }
  }

  /// The middle of the image; black around it where it is too small.
  func centre(width: Int, height: Int) -> Photograph {
    // Halves are rounded to even, as Python does for torchvision's CenterCrop.
    func start(_ own: Int, _ wanted: Int) -> Int {
      Int((Double(own - wanted) / 2).rounded(.toNearestOrEven))
    }
    let (left, top) = (start(self.width, width), start(self.height, height))
    var result = [UInt8](repeating: 0, count: 3 * width * height)
    for y in 0..<height where (0..<self.height).contains(y + top) {
      for x in 0..<width where (0..<self.width).contains(x + left) {
        for channel in 0..<3 {
          result[(y * width + x) * 3 + channel] =
            pixels[((y + top) * self.width + x + left) * 3 + channel]
        }
      }
    }
    return Photograph(width: width, height: height, pixels: result)
  }

  /// The image at another size, each pixel the mean of those under a triangle as wide as the scale asks
  /// for: Pillow's `BILINEAR`, which torchvision uses, with its fixed-point arithmetic, so that the
  /// bytes are the same.
  func resized(width: Int, height: Int) -> Photograph {
    guard (width, height) != (self.width, self.height) else { return self }
    var rows = self
    if width != self.width {
      let weights = Self.weights(from: self.width, to: width)
      rows = rows.filtered(weights, width: width, height: self.height, step: 3) { x, y in
        (y * self.width + x) * 3
      }
    }
    guard height != self.height else { return rows }
    let weights = Self.weights(from: self.height, to: height)
    return rows.filtered(weights, width: width, height: height, step: 3 * width, isVertical: true) {
      x, y in (y * width + x) * 3
    }
  }

  /// For one output place the first input place and the weights from there on, in 1/2^22.
  private struct Weights {
    let first: Int
    let values: [Int]
  }

  private static let precision = 22

  private static func weights(from input: Int, to output: Int) -> [Weights] {
    let scale = Double(input) / Double(output)
    let support = max(scale, 1)
    return (0..<output).map { place in
      let centre = (Double(place) + 0.5) * scale
      let first = max(0, Int(centre - support + 0.5))
      let last = min(input, Int(centre + support + 0.5))
      let raw = (first..<last).map { max(0, 1 - abs((Double($0) - centre + 0.5) / support)) }
      let total = raw.reduce(0, +)
      return Weights(
        first: first,
        values: raw.map { Int(($0 / total * Double(1 << precision)).rounded()) })
    }
  }

  private func filtered(
    _ weights: [Weights], width: Int, height: Int, step: Int, isVertical: Bool = false,
    offset: (Int, Int) -> Int
  ) -> Photograph {
    var result = [UInt8](repeating: 0, count: 3 * width * height)
    pixels.withUnsafeBufferPointer { pixels in
      for y in 0..<height {
        for x in 0..<width {
          let weight = weights[isVertical ? y : x]
          let start = isVertical ? offset(x, weight.first) : offset(weight.first, y)
          for channel in 0..<3 {
            var sum = 1 << (Self.precision - 1)
            for (place, value) in weight.values.enumerated() {
              sum += Int(pixels[start + place * step + channel]) * value
            }
            result[(y * width + x) * 3 + channel] =
              UInt8(min(max(sum >> Self.precision, 0), 255))
          }
        }
      }
    }
    return Photograph(width: width, height: height, pixels: result)
  }
}
