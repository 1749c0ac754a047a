#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Keeps what is written to standard error out of the screen, and writes it there afterwards.
struct StandardErrorCapture {
  /// The real standard error.
  let original: Int32
  /// A file that has no name any more.
  let file: Int32

  /// Redirects standard error to a file; nil if it is not the terminal, or there is no room for a file.
  static func begin() -> StandardErrorCapture? {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    var name = Array("/tmp/stderr-XXXXXX".utf8CString)
    let file = mkstemp(&name)
    guard file >= 0 else { return nil }
    unlink(name)
    let original = dup(STDERR_FILENO)
    guard original >= 0 else {
      close(file)
      return nil
    }
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    _ = fcntl(original, F_SETFD, FD_CLOEXEC)
    dup2(file, STDERR_FILENO)
    return StandardErrorCapture(original: original, file: file)
  }

  /// Gives standard error back and writes to it what was kept.
  func end() {
    dup2(original, STDERR_FILENO)
    lseek(file, 0, SEEK_SET)
    var block = [UInt8](repeating: 0, count: 4096)
    while case let count = read(file, &block, block.count), count > 0 {
      guard write(original, block, count) == count else { break }
    }
    close(file)
    close(original)
  }
}
