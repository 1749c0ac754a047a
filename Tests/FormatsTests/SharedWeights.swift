import Foundation

/// Trained networks beside the project's folder.
enum SharedWeights {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared/weights")

  static let areThere = FileManager.default.fileExists(atPath: folder.path())

  static func path(_ name: String) -> String { folder.appending(path: name).path() }
}
