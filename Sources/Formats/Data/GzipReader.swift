import CZlib

/// Decompresses gzip data (RFC 1952) piece by piece, several members in a row included.
///
/// The caller asks for as many bytes as it expects, so a small file cannot grow beyond that.
final class GzipReader {
  private let compressed: [UInt8]
  private let file: String
  private var position = 0
  private var memberEnded = false
  /// On the heap, because zlib's state points back at it.
  private let stream: UnsafeMutablePointer<z_stream>

  /// How much output is made at a time.
  private static let chunk = 1 << 20

  /// Whether `bytes` start as gzip data does.
  static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x1F, 0x8B])
  }

  /// Begins to decompress; `file` is for messages.
  init(_ compressed: [UInt8], file: String) throws(FormatError) {
    self.compressed = compressed
    self.file = file
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 is the largest window; 16 more ask for gzip's header and checksum.
    let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw FormatError(file, "cannot be decompressed: zlib did not start", remedy: "free memory")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// The next `count` bytes, fewer only where the data ends.
  func read(_ count: Int) throws(FormatError) -> [UInt8] {
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(count, Self.chunk))
    while output.count < count {
      let made = try inflate(into: &chunk, atMost: min(chunk.count, count - output.count))
      if made == 0 { break }
      output += chunk[..<made]
    }
    return output
  }

  /// Fills the start of `output` with at least one byte, or returns 0 where the data ends.
  private func inflate(into output: inout [UInt8], atMost limit: Int) throws(FormatError) -> Int {
    while true {
      if memberEnded {
        if position == compressed.count { return 0 }
        guard inflateReset(stream) == Z_OK else { throw damaged("is damaged") }
        memberEnded = false
      }
      let (status, made) = step(into: &output, atMost: limit)
      switch status {
      case Z_STREAM_END: memberEnded = true
      case Z_OK: break
      case Z_BUF_ERROR where position == compressed.count: throw damaged("is truncated")
      case Z_MEM_ERROR:
        throw FormatError(file, "cannot be decompressed: out of memory", remedy: "free memory")
      default: throw damaged("is damaged")
      }
      if made > 0 { return made }
    }
  }

  /// One call of zlib: its status and the bytes it made.
  private func step(into output: inout [UInt8], atMost limit: Int) -> (status: Int32, made: Int) {
    // zlib counts in 32 bits.
    let available = min(compressed.count - position, 1 << 30)
    return compressed.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_in = UnsafeMutablePointer(
          mutating: input.baseAddress.map { $0 + position })
        stream.pointee.avail_in = UInt32(available)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(min(limit, output.count))
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        position += available - Int(stream.pointee.avail_in)
        return (status, min(limit, output.count) - Int(stream.pointee.avail_out))
      }
    }
  }

  private func damaged(_ what: String) -> FormatError {
    let place = "in its gzip data, at compressed byte \(position)"
    return FormatError(file, "\(what) \(place)", remedy: "download the file again")
  }
}
