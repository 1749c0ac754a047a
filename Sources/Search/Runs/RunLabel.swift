internal import Foundation
internal import GRDB

/// The name and the note that a user gave to a run, kept in its file: paths stay as they are.
public struct RunLabel: Hashable, Sendable, Codable {
  /// The name; empty for none.
  public var name: String
  /// The note; empty for none.
  public var note: String

  /// A label; none if everything is empty.
  public init(name: String = "", note: String = "") {
    self.name = name
    self.note = note
  }

  init(in database: Database) throws {
    self.init()
    guard try database.tableExists("label"),
      let row = try Row.fetchOne(database, sql: "SELECT * FROM label")
    else { return }
    self.init(name: row["name"], note: row["note"])
  }
}

extension RunFolder {
  /// Gives a run a name and a note in place of those it had.
  /// - Throws: `SearchError` if it cannot be written.
  public static func label(_ label: RunLabel, run path: String) throws(SearchError) {
    try RunFile.attempt(path) {
      try RunConnection(path).write { database in
        try database.execute(
          sql: """
            CREATE TABLE IF NOT EXISTS label (name TEXT NOT NULL, note TEXT NOT NULL);
            DELETE FROM label;
            """)
        try database.execute(
          sql: "INSERT INTO label (name, note) VALUES (?, ?)", arguments: [label.name, label.note])
      }
    }
  }

  /// Deletes a run with the models that were fine-tuned in it.
  /// - Throws: `SearchError` if that cannot be done, or another program writes into it.
  public static func delete(run path: String) throws(SearchError) {
    let lock = try RunLock(ofRun: path)
    defer { withExtendedLifetime(lock) {} }
    try RunFile.attempt(path) {
      for folder in FineTunedFolder.paths(ofRun: path) {
        try FileManager.default.removeItem(atPath: folder)
      }
      try FileManager.default.removeItem(atPath: path)
      for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
        try FileManager.default.removeItem(atPath: path + suffix)
      }
    }
  }
}
