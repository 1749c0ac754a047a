internal import Foundation

/// Paths of files that a test may write.
public enum TemporaryPath {
  /// A path where nothing is.
  public static func unique() -> String {
    FileManager.default.temporaryDirectory.appending(path: "sculpt-\(UUID().uuidString)").path()
  }

  /// Removes what a test wrote there.
  public static func remove(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
  }
}
