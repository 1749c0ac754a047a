internal import Foundation

/// Trained networks beside the project's folder.
public enum SharedWeights {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared/weights")

  /// Whether they are there; users do not have them.
  public static let areThere = FileManager.default.fileExists(atPath: folder.path())

  /// The path of one of them.
  public static func path(_ name: String) -> String { folder.appending(path: name).path() }
}
