#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Whole files as bytes.
package enum FileBytes {
  /// Reads all of a regular file of at most `limit` bytes.
  ///
  /// Pipes and devices are refused: they may never end.
  package static func read(_ path: String, limit: Int) throws(FormatError) -> [UInt8] {
    let (descriptor, size) = try openRegular(path)
    defer { close(descriptor) }
    guard size <= limit else {
      throw FormatError(
        path, "is \(size) bytes long, more than the \(limit) that are accepted",
        remedy: "check that it is the file you meant")
    }
    return try read(descriptor, count: size, of: path)
  }

  /// Opens a regular file for reading; its descriptor and size.
  static func openRegular(_ path: String) throws(FormatError) -> (descriptor: Int32, size: Int) {
    guard !path.utf8.contains(0) else {
      throw FormatError(path, "is no path: it holds a zero byte", remedy: "check the path")
    }
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(path, "cannot be opened") }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    let failure: FormatError? =
      if !isKnown {
        .system(path, "cannot be examined")
      } else {
        switch status.st_mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: FormatError(path, "is a folder", remedy: "name a file inside it")
        default: FormatError(path, "is not a regular file", remedy: "copy it to a file first")
        }
      }
    if let failure {
      close(descriptor)
      throw failure
    }
    return (descriptor, Int(status.st_size))
  }

  /// Whether something, of whatever kind, has that name.
  package static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  private static func read(
    _ descriptor: Int32, count: Int, of path: String
  ) throws(FormatError) -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        // The rebase keeps every read within the buffer.
        let rest = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
        #if canImport(Darwin)
          let done = Darwin.read(descriptor, rest.baseAddress, rest.count)
        #elseif canImport(Musl)
          let done = Musl.read(descriptor, rest.baseAddress, rest.count)
        #else
          let done = Glibc.read(descriptor, rest.baseAddress, rest.count)
        #endif
        if done < 0 && errno == EINTR { continue }
        if done < 0 { failed = true }
        // A file that shrank meanwhile is judged by its format like any other truncated file.
        if done <= 0 { return }
        filled += done
      }
    }
    if failed { throw .system(path, "cannot be read") }
    return bytes
  }
}

extension FormatError {
  /// The failure of the latest system call on `path`.
  static func system(_ path: String, _ problem: String) -> FormatError {
    let code = errno
    let reason = String(cString: strerror(code))
    let remedy =
      switch code {
      case ENOENT, ENOTDIR: "check the path"
      case EACCES, EPERM, EROFS: "check its permissions"
      case ENOSPC, EDQUOT: "make room on the disk"
      default: "check the disk and try again"
      }
    return FormatError(path, "\(problem) (\(reason))", remedy: remedy)
  }
}
