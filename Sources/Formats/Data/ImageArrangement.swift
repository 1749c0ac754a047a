internal import ModelGraph

/// The change of stored images that makes them `[C, H, W]` with the channels in the model's order.
struct ImageArrangement {
  private let shape: Shape
  private let isChannelsLast: Bool
  private let isTurnedRound: Bool

  /// - Parameters:
  ///   - extents: those of a stored image.
  ///   - expected: the shape of the model's input.
  /// - Returns: nil if images of these extents are none of the model's.
  init?(_ extents: ArraySlice<Int>, _ expected: Shape, _ input: InputDescription) {
    shape = expected
    isTurnedRound = input.channels == .bgr && expected.isFeatureMap && expected.channels == 3
    let stored = Array(extents)
    var layouts: [ImageLayout] = []
    if stored == expected.dimensions { layouts.append(.channelsFirst) }
    guard expected.isFeatureMap else {
      // A vector takes all values of an image.
      isChannelsLast = false
      let isFlat = expected.rank == 1 && stored.reduce(1, *) == expected.count
      if layouts.isEmpty && !isFlat { return nil }
      return
    }
    if stored == Array(expected.dimensions[1...]), expected.channels == 1 {
      layouts.append(.channelsFirst)
    }
    if stored == [expected.height, expected.width, expected.channels] {
      layouts.append(.channelsLast)
    }
    guard let first = layouts.first else { return nil }
    isChannelsLast = (layouts.contains(input.layout) ? input.layout : first) == .channelsLast
  }

  /// The images `[C, H, W]`.
  func applied(to pixels: Dataset.Pixels) -> Dataset.Pixels {
    guard isTurnedRound || isChannelsLast && shape.channels > 1 else { return pixels }
    switch pixels {
    case .bytes(let bytes): return .bytes(applied(to: bytes))
    case .values(let values): return .values(applied(to: values))
    }
  }

  private func applied<Element>(to values: [Element]) -> [Element] {
    let (channels, area) = (shape.channels, shape.height * shape.width)
    var result = values
    for start in stride(from: 0, to: values.count, by: shape.count) {
      for channel in 0..<channels {
        let source = isTurnedRound ? channels - 1 - channel : channel
        let (first, step) = isChannelsLast ? (source, channels) : (source * area, 1)
        for pixel in 0..<area {
          result[start + channel * area + pixel] = values[start + first + pixel * step]
        }
      }
    }
    return result
  }
}
