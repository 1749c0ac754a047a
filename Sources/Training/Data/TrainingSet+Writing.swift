extension TrainingSet {
  /// Writes one changed and normalised image, channels last, over all of `target`.
  func write(_ image: Int, _ change: ImageChange, to target: UnsafeMutableBufferPointer<Float>) {
    let range = image * imageSize..<(image + 1) * imageSize
    precondition(target.count == imageSize)
    switch pixels {
    case .bytes(let bytes, let table):
      bytes.withUnsafeBufferPointer { bytes in
        table.withUnsafeBufferPointer { table in
          let bytes = UnsafeBufferPointer(rebasing: bytes[range])
          write(BytePixels(bytes: bytes, table: table), change, to: target)
        }
      }
    case .values(let values):
      values.withUnsafeBufferPointer { values in
        let values = UnsafeBufferPointer(rebasing: values[range])
        write(ValuePixels(values: values), change, to: target)
      }
    }
  }

  private func write<Source: PixelSource>(
    _ source: Source, _ change: ImageChange, to target: UnsafeMutableBufferPointer<Float>
  ) {
    let row = width * channels
    // The columns of the result, before it is mirrored, that come from within the image.
    let inside = (-change.columnShift..<width - change.columnShift).clamped(to: 0..<width)
    for y in 0..<height {
      let sourceRow = y + change.rowShift
      let isInside = 0 <= sourceRow && sourceRow < height
      for x in 0..<width {
        var place = y * row + (change.isFlipped ? width - 1 - x : x) * channels
        if isInside && inside.contains(x) {
          var offset = sourceRow * row + (x + change.columnShift) * channels
          for channel in 0..<channels {
            target[place] = source.value(at: offset, channel: channel)
            place += 1
            offset += 1
          }
        } else {
          for channel in 0..<channels {
            target[place] = source.padding(channel: channel)
            place += 1
          }
        }
      }
    }
    for y in change.holeRows {
      let start = y * row
      for place in change.holeColumns.lowerBound * channels..<change.holeColumns.upperBound
        * channels
      {
        target[start + place] = 0
      }
    }
  }
}

/// The values of one image, channels last.
private protocol PixelSource {
  func value(at offset: Int, channel: Int) -> Float
  /// The halo around the image.
  func padding(channel: Int) -> Float
}

private struct BytePixels: PixelSource {
  let bytes: UnsafeBufferPointer<UInt8>
  let table: UnsafeBufferPointer<Float>

  @inline(__always)
  func value(at offset: Int, channel: Int) -> Float { table[channel << 8 | Int(bytes[offset])] }

  @inline(__always)
  func padding(channel: Int) -> Float { table[channel << 8] }
}

private struct ValuePixels: PixelSource {
  let values: UnsafeBufferPointer<Float>

  @inline(__always)
  func value(at offset: Int, channel: Int) -> Float { values[offset] }

  @inline(__always)
  func padding(channel: Int) -> Float { 0 }
}
