/// The parts of a PNG file (https://www.w3.org/TR/png-3/#5Chunk-layout): length, name, content, checksum.
enum PNGChunks {
  /// Chunks that say which colours the pixels stand for.
  private static let colourSpace: Set<[UInt8]> = Set(
    ["gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV", "cLLI"].map { Array($0.utf8) })

  /// The same file without them, so that its numbers are taken as they are, as Pillow does; what is no chunk
  /// stays for the decoder to judge.
  static func withoutColourSpace(_ bytes: [UInt8]) -> [UInt8] {
    var result = Array(bytes.prefix(8))
    var position = result.count
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - position - 12 else { break }
      let end = position + 12 + length
      let name = Array(bytes[position + 4..<position + 8])
      // Behind the first pixels there are no more.
      if name == Array("IDAT".utf8) { break }
      if !colourSpace.contains(name) { result += bytes[position..<end] }
      position = end
    }
    return result + bytes[position...]
  }
}
