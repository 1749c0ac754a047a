internal import Foundation

/// Where results go.
public enum StandardOutput {
  /// Writes what has been printed and is not yet on its way.
  /// - Throws: `OutputError` if it cannot be written: the disk is full, the pipe is closed.
  public static func flush() throws(OutputError) {
    guard fflush(nil) != 0 else { return }
    throw OutputError(description: "standard output: \(String(cString: strerror(errno)))")
  }
}

/// Results that did not arrive.
public struct OutputError: Error, CustomStringConvertible {
  /// One line for the user.
  public let description: String
}
