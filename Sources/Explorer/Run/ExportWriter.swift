internal import Patterns

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Writes a strategy where the user said.
enum ExportWriter {
  /// Writes the file and says what became of it.
  static func write(
    _ file: StrategyFile, for space: PruningSpace, to path: String, replacing: Bool
  ) -> Message {
    let path = expanded(path)
    var isFolder = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder { return .exportFailed("\(path) is a folder: add a file name") }
      if !replacing { return .exportExists(path) }
    }
    do {
      try file.write(to: path, for: space, replacing: replacing)
      return .exported(path)
    } catch {
      return .exportFailed("\(error)")
    }
  }

  /// `~/` is the home folder, as in a shell.
  private static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"] else {
      return path
    }
    return home + path.dropFirst(1)
  }
}
