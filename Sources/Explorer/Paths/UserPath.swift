internal import Foundation

/// Paths as the user types them.
enum UserPath {
  /// The path whose `~` is the user's folder, as in a shell.
  static func expanded(
    _ path: String, in environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = environment["HOME"] else { return path }
    return home + path.dropFirst()
  }
}

extension UserPath {
  /// The path from the root, which is the same whatever folder it is used in.
  static func absolute(_ path: String) -> String {
    let path = expanded(path)
    if path.hasPrefix("/") { return path }
    return URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
  }
}

extension PathCompletion {
  /// What is in a folder as it was typed; nothing if it cannot be read.
  init(
    reading folder: String, of kind: Kind,
    in environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    let path = folder.isEmpty ? "." : UserPath.expanded(folder, in: environment)
    let files =
      (try? FileManager.default.contentsOfDirectory(
        at: URL(filePath: path, directoryHint: .isDirectory),
        includingPropertiesForKeys: [.isDirectoryKey])) ?? []
    self.init(
      folder: folder, names: files.map { $0.lastPathComponent + ($0.hasDirectoryPath ? "/" : "") },
      of: kind)
  }
}
