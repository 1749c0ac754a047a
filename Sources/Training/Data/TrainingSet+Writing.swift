internal import Formats

extension TrainingSet {
  /// Writes one changed and normalised image that is in memory, channels last, over all of `target`.
  func write(_ image: Int, _ change: ImageChange, to target: UnsafeMutableBufferPointer<Float>) {
    let range = image * imageSize..<(image + 1) * imageSize
    switch pixels {
    case .bytes(let bytes, let table):
      bytes.withUnsafeBufferPointer {
        write(UnsafeBufferPointer(rebasing: $0[range]), table, change, to: target)
      }
    case .values(let values):
      values.withUnsafeBufferPointer { values in
        let values = UnsafeBufferPointer(rebasing: values[range])
        write(ValuePixels(values: values), change, to: target)
        cutHole(change, in: target)
      }
    case .photographs: preconditionFailure("photographs are not in memory")
    }
  }

  /// Writes one image of bytes, likewise.
  ///
  /// - Parameter table: what they are worth.
  func write(
    _ bytes: UnsafeBufferPointer<UInt8>, _ table: [Float], _ change: ImageChange,
    to target: UnsafeMutableBufferPointer<Float>
  ) {
    if let colors = change.colors {
      // What bytes are worth is linear, so that it is known between them.
      var pixels = [Float](repeating: 0, count: imageSize)
      pixels.withUnsafeMutableBufferPointer { write(PlainBytes(bytes: bytes), change, to: $0) }
      colors.apply(to: &pixels, channels: channels)
      for (place, value) in pixels.enumerated() {
        let first = (place % channels) << 8
        target[place] = table[first] + (table[first | 255] - table[first]) / 255 * value
      }
    } else {
      table.withUnsafeBufferPointer { table in
        write(BytePixels(bytes: bytes, table: table), change, to: target)
      }
    }
    cutHole(change, in: target)
  }

  private func cutHole(_ change: ImageChange, in target: UnsafeMutableBufferPointer<Float>) {
    let row = width * channels
    for y in change.holeRows {
      for place in change.holeColumns.lowerBound * channels..<change.holeColumns.upperBound
        * channels
      {
        target[y * row + place] = 0
      }
    }
  }

  private func write<Source: PixelSource>(
    _ source: Source, _ change: ImageChange, to target: UnsafeMutableBufferPointer<Float>
  ) {
    if let piece = change.piece {
      return write(piece, of: source, isFlipped: change.isFlipped, to: target)
    }
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
  }

  /// A piece of an image made as large as the image, by linear interpolation between the centres of its pixels.
  private func write<Source: PixelSource>(
    _ piece: PieceOfImage, of source: Source, isFlipped: Bool,
    to target: UnsafeMutableBufferPointer<Float>
  ) {
    /// The two pixels that a place of the result is between, and the share of the second.
    func neighbours(
      _ range: Range<Int>, _ length: Int
    ) -> [(first: Int, second: Int, share: Float)] {
      (0..<length).map { place in
        let exact = (Float(place) + 0.5) * Float(range.count) / Float(length) - 0.5
        let inside = min(max(exact, 0), Float(range.count - 1))
        let first = Int(inside)
        return (
          range.lowerBound + first, range.lowerBound + min(first + 1, range.count - 1),
          inside - Float(first)
        )
      }
    }
    let rows = neighbours(piece.rows, height)
    let columns = neighbours(piece.columns, width)
    for (y, row) in rows.enumerated() {
      for (x, column) in columns.enumerated() {
        let place = (y * width + (isFlipped ? width - 1 - x : x)) * channels
        for channel in 0..<channels {
          func value(_ row: Int, _ column: Int) -> Float {
            source.value(at: (row * width + column) * channels + channel, channel: channel)
          }
          let upper = value(row.first, column.first)
          let lower = value(row.second, column.first)
          let above = upper + column.share * (value(row.first, column.second) - upper)
          let below = lower + column.share * (value(row.second, column.second) - lower)
          target[place + channel] = above + row.share * (below - above)
        }
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

/// Bytes as numbers.
private struct PlainBytes: PixelSource {
  let bytes: UnsafeBufferPointer<UInt8>

  @inline(__always)
  func value(at offset: Int, channel: Int) -> Float { Float(bytes[offset]) }

  @inline(__always)
  func padding(channel: Int) -> Float { 0 }
}

private struct ValuePixels: PixelSource {
  let values: UnsafeBufferPointer<Float>

  @inline(__always)
  func value(at offset: Int, channel: Int) -> Float { values[offset] }

  @inline(__always)
  func padding(channel: Int) -> Float { 0 }
}
