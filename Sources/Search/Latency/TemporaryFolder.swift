internal import Formats
internal import Foundation
internal import ModelGraph

/// A folder for the files that another engine reads; gone with this.
final class TemporaryFolder {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "sculpt-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  /// The path of a file in it.
  func path(_ name: String) -> String {
    url.appending(path: name).path(percentEncoded: false)
  }

  /// Writes a model as an export is.
  /// - Returns: its path.
  func write(_ model: Model, as name: String) throws -> String {
    try ModelFile.write(model.fused(), to: path(name))
    return path(name)
  }

  /// Lets somebody read a model's file, which is gone afterwards.
  func writing<Result>(
    _ model: Model, as name: String, _ body: (String) throws -> Result
  ) throws -> Result {
    let path = try write(model, as: name)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
