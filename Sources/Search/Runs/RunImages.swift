public import Formats
internal import Foundation
internal import GRDB
internal import ModelGraph

/// The images that a run is judged and corrected by, and how they become the input: its accuracies rest on them,
/// whoever named them.
public struct RunImages: Hashable, Sendable, Codable {
  private var sources: [String: DataSource]
  private let input: InputDescription

  private static let splits: [Split] = [.validation, .calibration]

  /// Those of a model, found from any folder.
  package init(of file: ModelFile) {
    sources = [:]
    for split in Self.splits {
      sources[split.rawValue] = file.data[split]?.mappingPaths {
        URL(filePath: $0).standardizedFileURL.path(percentEncoded: false)
      }
    }
    input = file.model.input
  }

  /// Those of the run at a path; nil if an older version began it, or it is no run.
  public init?(ofRun path: String) {
    guard FileManager.default.fileExists(atPath: path),
      let images = try? RunConnection(path).images()
    else { return nil }
    self = images
  }

  /// A model that is judged and corrected by them.
  ///
  /// - Parameters:
  ///   - chosen: the splits that are not taken from here.
  ///   - keepsInput: whether the model's own input stays.
  /// - Throws: `FormatError` if the input does not suit the model.
  public func applied(
    to file: ModelFile, but chosen: [Split] = [], keepsInput: Bool = false
  ) throws(FormatError) -> ModelFile {
    var file = file
    for split in Self.splits where !chosen.contains(split) {
      if let source = sources[split.rawValue] { file = file.replacingData(source, of: split) }
    }
    return keepsInput || file.model.input == input ? file : try file.replacingInput(input)
  }
}

extension RunConnection {
  /// Keeps what the run rests on.
  func keep(_ images: RunImages) throws {
    let record = try JSONEncoder().encode(images)
    try write { database in
      try database.execute(sql: "CREATE TABLE images (record BLOB NOT NULL)")
      try database.execute(sql: "INSERT INTO images (record) VALUES (?)", arguments: [record])
    }
  }

  /// What the run rests on; nil in one of an older version.
  fileprivate func images() throws -> RunImages? {
    try read { database -> Data? in
      guard try database.tableExists("images") else { return nil }
      return try Data.fetchOne(database, sql: "SELECT record FROM images")
    }.map { try JSONDecoder().decode(RunImages.self, from: $0) }
  }
}
