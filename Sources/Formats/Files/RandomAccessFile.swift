#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A regular file of which parts are read when they are wanted, so that large weights go from the disk
/// to where they are used without a copy between.
final class RandomAccessFile: Sendable {
  /// Where it is.
  let path: String
  /// Bytes, when it was opened.
  let count: Int
  private let descriptor: Int32

  /// Opens a regular file; pipes and devices are refused.
  init(_ path: String) throws(FormatError) {
    (descriptor, count) = try FileBytes.openRegular(path)
    self.path = path
  }

  deinit { close(descriptor) }

  /// The bytes in `range`.
  func read(_ range: Range<Int>) throws(FormatError) -> [UInt8] {
    try check(range)
    var filled = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      filled = fill(UnsafeMutableRawBufferPointer(buffer), from: range.lowerBound)
      initialized = filled
    }
    guard filled == range.count else { throw changed }
    return bytes
  }

  /// The little-endian floats in `range`, whose length must be a multiple of 4.
  func readFloats(_ range: Range<Int>) throws(FormatError) -> [Float] {
    try check(range)
    precondition(range.count.isMultiple(of: 4))
    var filled = 0
    var values = [Float](unsafeUninitializedCapacity: range.count / 4) { buffer, initialized in
      filled = fill(UnsafeMutableRawBufferPointer(buffer), from: range.lowerBound)
      initialized = filled / 4
    }
    guard filled == range.count else { throw changed }
    if 1.littleEndian != 1 {
      for index in values.indices {
        values[index] = Float(bitPattern: UInt32(littleEndian: values[index].bitPattern))
      }
    }
    return values
  }

  private func check(_ range: Range<Int>) throws(FormatError) {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw FormatError(
        path, "ends at byte \(count), byte \(range.upperBound) is wanted of it",
        remedy: "copy the whole file again")
    }
  }

  private var changed: FormatError {
    FormatError(path, "cannot be read to its end", remedy: "check the disk and try again")
  }

  /// Reads until `buffer` is full or the file ends; the number of bytes read.
  private func fill(_ buffer: UnsafeMutableRawBufferPointer, from start: Int) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let done = pread(descriptor, rest.baseAddress, rest.count, off_t(start + filled))
      if done < 0 && errno == EINTR { continue }
      if done <= 0 { break }
      filled += done
    }
    return filled
  }
}
