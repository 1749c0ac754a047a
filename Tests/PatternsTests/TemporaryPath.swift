import Foundation

/// Paths of files that a test may write.
enum TemporaryPath {
  static func unique() -> String {
    FileManager.default.temporaryDirectory.appending(path: "sculpt-\(UUID().uuidString)").path()
  }

  static func remove(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
  }
}
