internal import Formats
package import Foundation
internal import GRDB
internal import ModelGraph
internal import Patterns

/// A run on disk: one SQLite file with the settings, every episode and the agent's state.
///
/// An episode and the state after it are one transaction, so a crash loses at most the episode under
/// way, and a resumed run goes on exactly as it would have.
public struct RunFile: Sendable {
  /// The file.
  public let path: String

  private let database: RunConnection

  /// Begins a run in a new file.
  /// - Throws: `SearchError` if the file exists or cannot be written.
  public static func create(at path: String, for workbench: Workbench) throws(SearchError)
    -> RunFile
  {
    try refuseExisting(path)
    return try attempt(path) {
      try FileManager.default.createDirectory(
        at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
      let run = RunFile(path: path, database: try RunConnection(path, isNew: true))
      try run.database.write { database in
        try database.execute(
          sql: """
            PRAGMA application_id = \(applicationID);
            PRAGMA user_version = 1;
            CREATE TABLE run (
              model TEXT NOT NULL, sha256 TEXT, created TEXT NOT NULL, source TEXT, state BLOB);
            CREATE TABLE episode (number INTEGER PRIMARY KEY, record BLOB NOT NULL);
            """)
        try database.execute(
          sql: "INSERT INTO run (model, sha256, created, source) VALUES (?, ?, ?, ?)",
          arguments: [
            workbench.model.name, workbench.file.digest, Date.now.ISO8601Format(),
            URL(filePath: workbench.file.path).standardizedFileURL.path(percentEncoded: false),
          ])
      }
      try run.database.keep(RunImages(of: workbench.file))
      return run
    }
  }

  /// Throws if there is a file at `path`.
  static func refuseExisting(_ path: String) throws(SearchError) {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw SearchError("\(path): a run is there already; resume it, or name another file")
    }
  }

  /// Opens a run of this model.
  /// - Throws: `SearchError` if the file is none, or of another model.
  public static func open(_ path: String, for workbench: Workbench) throws(SearchError) -> RunFile {
    try open(path, for: workbench.file)
  }

  /// Opens a run of the model in a file.
  /// - Throws: `SearchError` if the run is none, or of another model.
  static func open(_ path: String, for file: ModelFile) throws(SearchError) -> RunFile {
    guard FileManager.default.fileExists(atPath: path) else {
      throw SearchError("\(path): there is no such run; see sculpt runs")
    }
    let run = try attempt(path) {
      RunFile(path: path, database: try RunConnection(path))
    }
    let (identity, version, digest) = try attempt(path) {
      try run.database.read { database in
        let identity = try Int.fetchOne(database, sql: "PRAGMA application_id")
        guard identity == applicationID else { return (identity, 0, String?.none) }
        return (
          identity, try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
          try String.fetchOne(database, sql: "SELECT sha256 FROM run")
        )
      }
    }
    guard identity == applicationID, version == 1 else {
      throw SearchError("\(path): this is no run of this program")
    }
    guard digest == file.digest else {
      throw SearchError(
        "\(path): the run is of another model, SHA-256 \(digest?.prefix(12) ?? "unknown")…")
    }
    return run
  }

  /// Keeps the last episode of `searcher`, if it has one, and the state after it, in one transaction. Between
  /// episodes only.
  public func save(_ searcher: Searcher) throws(SearchError) {
    try Self.attempt(path) {
      let encoder = PropertyListEncoder()
      encoder.outputFormat = .binary
      let episode = try searcher.episodes.last.map { ($0.number, try encoder.encode($0)) }
      let state = try encoder.encode(searcher.state)
      try database.write { database in
        if let (number, record) = episode {
          try database.execute(
            sql: "INSERT OR REPLACE INTO episode (number, record) VALUES (?, ?)",
            arguments: [number, record])
        }
        try database.execute(sql: "UPDATE run SET state = ?", arguments: [state])
      }
    }
  }

  /// Keeps what whoever shows the search is to be told when it is gone on with.
  package func remember(_ memory: Data) throws(SearchError) {
    try Self.attempt(path) {
      try database.write { database in
        try database.execute(
          sql: "CREATE TABLE IF NOT EXISTS memory (record BLOB NOT NULL); DELETE FROM memory;")
        try database.execute(sql: "INSERT INTO memory (record) VALUES (?)", arguments: [memory])
      }
    }
  }

  /// What was kept last; nil in a run without.
  package func memory() throws(SearchError) -> Data? {
    try Self.attempt(path) { try database.memory() }
  }

  /// The state of the search after the last episode that was saved, if there is one, and the episodes after one of
  /// this number.
  func contents(
    after number: Int = 0
  ) throws(SearchError) -> (state: Searcher.State?, episodes: [Episode]) {
    try Self.attempt(path) { try database.contents(after: number) }
  }

  /// A number that is another one when another program has written since.
  func version() throws(SearchError) -> Int { try Self.attempt(path) { try database.version() } }

  /// The search as it was after the last episode that was saved; nil if there is none.
  /// - Throws: `SearchError` if the run cannot be read, or chose from other menus.
  public func searcher(on workbench: Workbench) throws(SearchError) -> Searcher? {
    let (stored, episodes) = try contents()
    guard let decoded = stored else { return nil }
    let (engine, space) = (decoded.settings.engine, workbench.space)
    guard engine == space.engine else {
      throw SearchError("\(path): this run is for another engine: add --engine \(engine)")
    }
    guard decoded.menus ?? PruningSpace(space.graph, engine: engine).menus == space.menus else {
      throw SearchError(
        "\(path): this run chose from other patterns: give the --patterns that it began with, if any"
      )
    }
    let method = decoded.method ?? PruningMethod()
    guard method == workbench.method else {
      throw SearchError(
        "\(path): this run made models in another way: add --correction \(method.correction.rawValue)"
          + (method.importance.map { " --importance \($0.rawValue)" } ?? "")
          + " --sharing \(method.sharing)")
    }
    return try Searcher(resuming: decoded, episodes: episodes, on: workbench)
  }

  /// Marks a file as a run: "Sclp".
  private static let applicationID = 0x5363_6c70

  static func attempt<Value>(
    _ path: String, _ body: () throws -> Value
  ) throws(SearchError) -> Value {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw SearchError(
        "\(path): \(error.message ?? "the database fails"); is it a run, and writable?")
    } catch {
      throw SearchError("\(path): the run cannot be read or written: \(error.localizedDescription)")
    }
  }
}
