/// An array of bytes in the IDX format of MNIST (http://yann.lecun.com/exdb/mnist).
///
/// Two zeros, the element type, the number of dimensions, each dimension as 32 bits big-endian,
/// then the elements, the last dimension fastest.
public struct IDXFile: Hashable, Sendable {
  /// The extents, outermost first.
  public let dimensions: [Int]
  /// The elements, row-major.
  public let values: [UInt8]

  /// The largest array that is read, in elements.
  static let maximumCount = 1 << 31
  /// Deflate cannot shrink data further than by this factor.
  private static let largestCompression = 1032

  /// Reads a file, plain or gzipped.
  /// - Throws: `FormatError` if it is damaged, truncated, longer than it says, or not of bytes.
  public static func read(at path: String) throws(FormatError) -> IDXFile {
    try decode(FileBytes.read(path, limit: maximumCount + 1024), file: path)
  }

  /// Decodes a whole file, plain or gzipped.
  package static func decode(_ bytes: [UInt8], file: String) throws(FormatError) -> IDXFile {
    if GzipReader.recognises(bytes) {
      let reader = try GzipReader(bytes, file: file)
      return try IDXFile(
        file: file, largestCount: bytes.count * largestCompression, next: reader.read)
    }
    var rest = bytes[...]
    return try IDXFile(file: file, largestCount: bytes.count) { count throws(FormatError) in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }

  /// Reads from `next`, which gives as many bytes as it is asked for, fewer only at the end.
  private init(
    file: String, largestCount: Int, next: (Int) throws(FormatError) -> [UInt8]
  ) throws(FormatError) {
    let magic = try next(4)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0 else {
      throw FormatError(file, "is not an IDX file", remedy: "name an IDX file, plain or gzipped")
    }
    guard magic[2] == 0x08 else {
      throw FormatError(
        file, "has elements of IDX type 0x\(String(magic[2], radix: 16))",
        remedy: "convert it to unsigned bytes, type 0x8")
    }
    let extents = try next(4 * Int(magic[3]))
    guard magic[3] > 0, extents.count == 4 * Int(magic[3]) else {
      throw FormatError(
        file, "is truncated in the dimensions", remedy: "download the file again")
    }
    let dimensions = (0..<Int(magic[3])).map { index in
      extents[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    var count = 1
    for extent in dimensions where count <= Self.maximumCount { count *= extent }
    guard count <= min(largestCount, Self.maximumCount) else {
      let text = dimensions.map(String.init).joined(separator: "x")
      throw FormatError(
        file, "promises \(text) bytes, more than it can hold", remedy: "download the file again")
    }
    let values = try next(count)
    guard values.count == count else {
      throw FormatError(
        file, "is truncated: it promises \(count) bytes of data and has \(values.count)",
        remedy: "download the file again")
    }
    guard try next(1).isEmpty else {
      throw FormatError(
        file, "goes on after the \(count) bytes of data that it promises",
        remedy: "download the file again")
    }
    self.dimensions = dimensions
    self.values = values
  }
}
