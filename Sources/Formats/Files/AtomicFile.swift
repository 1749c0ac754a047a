#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that appears whole or not at all.
///
/// The bytes go to a temporary file in the same folder and reach the disk before that is renamed,
/// so neither a crash nor a full disk leaves half a file or harms the one that was there.
public struct AtomicFile {
  private let path: String
  private let temporary: String

  /// Writes `data` to `path`; `replacing` allows a file of that name to go.
  /// - Throws: `FormatError` when the folder cannot be written, or the file exists and may not go.
  public static func write(
    data: [UInt8], to path: String, replacing: Bool = true
  ) throws(FormatError) {
    if !replacing { try refuseExisting(path) }
    let file = try AtomicFile(staging: data, for: path)
    try file.commit(replacing: replacing)
  }

  /// Throws if `path` exists.
  package static func refuseExisting(_ path: String) throws(FormatError) {
    if FileBytes.exists(path) { throw .exists(path) }
  }

  /// Throws if a file could not be written to `path` later, so that work that takes long is not begun in vain.
  package static func checkPlace(_ path: String, replacing: Bool) throws(FormatError) {
    if !replacing { try refuseExisting(path) }
    try AtomicFile(staging: [], for: path).discard()
  }

  /// Writes what `body` hands over to `path`, piece by piece.
  static func write(
    to path: String, replacing: Bool, _ body: (Output) throws(FormatError) -> Void
  ) throws(FormatError) {
    if !replacing { try refuseExisting(path) }
    let file = try AtomicFile(for: path, body)
    try file.commit(replacing: replacing)
  }

  /// Writes the temporary file; `commit` or `discard` must follow.
  init(staging data: [UInt8], for path: String) throws(FormatError) {
    try self.init(for: path) { (output) throws(FormatError) in try output.write(data) }
  }

  /// Writes the temporary file; `commit` or `discard` must follow.
  init(for path: String, _ body: (Output) throws(FormatError) -> Void) throws(FormatError) {
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    self.path = path
    temporary = Path.resolve(".sculpt-\(suffix)", against: Path.folder(of: path))
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system(path, "cannot be written") }
    do throws(FormatError) {
      try body(Output(path: path, descriptor: descriptor))
      guard fsync(descriptor) == 0 else { throw FormatError.system(path, "cannot be written") }
    } catch {
      close(descriptor)
      discard()
      throw error
    }
    guard close(descriptor) == 0 else {
      let error = FormatError.system(path, "cannot be written")
      discard()
      throw error
    }
  }

  /// Where the bytes of a file go.
  struct Output {
    fileprivate let path: String
    fileprivate let descriptor: Int32

    /// Appends bytes.
    func write(_ data: [UInt8]) throws(FormatError) {
      let isWritten = data.withUnsafeBytes { AtomicFile.writeAll($0, to: descriptor) }
      guard isWritten else { throw .system(path, "cannot be written") }
    }

    /// Appends little-endian floats.
    func write(_ values: [Float]) throws(FormatError) {
      guard 1.littleEndian == 1 else {
        return try write(
          values.flatMap { value in
            withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
          })
      }
      let isWritten = values.withUnsafeBytes { AtomicFile.writeAll($0, to: descriptor) }
      guard isWritten else { throw .system(path, "cannot be written") }
    }
  }

  /// Gives the staged file its name once `others`, which writes the files that it refers to, has succeeded.
  func commit(
    replacing: Bool, after others: () throws(FormatError) -> Void
  ) throws(FormatError) {
    do throws(FormatError) {
      try others()
    } catch {
      discard()
      throw error
    }
    try commit(replacing: replacing)
  }

  /// Gives the staged file its name.
  func commit(replacing: Bool) throws(FormatError) {
    if !replacing {
      // A link never replaces, unlike a rename; only some file systems have none.
      if link(temporary, path) == 0 {
        discard()
        return Self.syncFolder(of: path)
      }
      if errno == EEXIST || FileBytes.exists(path) {
        discard()
        throw .exists(path)
      }
    }
    guard rename(temporary, path) == 0 else {
      let error = FormatError.system(path, "cannot be written")
      discard()
      throw error
    }
    Self.syncFolder(of: path)
  }

  /// Removes the staged file.
  func discard() {
    unlink(temporary)
  }

  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      #if canImport(Darwin)
        let done = Darwin.write(descriptor, part.baseAddress, part.count)
      #elseif canImport(Musl)
        let done = Musl.write(descriptor, part.baseAddress, part.count)
      #else
        let done = Glibc.write(descriptor, part.baseAddress, part.count)
      #endif
      if done < 0 && errno == EINTR { continue }
      guard done > 0 else { return false }
      rest = rest.dropFirst(done)
    }
    return true
  }

  /// Makes the new name last; the file itself is safe whether or not this succeeds.
  private static func syncFolder(of path: String) {
    let descriptor = open(Path.folder(of: path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

extension FormatError {
  fileprivate static func exists(_ path: String) -> FormatError {
    FormatError(path, "exists already", remedy: "choose another name or allow overwriting")
  }
}
