internal import Formats
public import Foundation
internal import GRDB
internal import Synchronization

/// Where runs are kept when nobody says otherwise: `$XDG_DATA_HOME/sculpt/runs`.
public struct RunFolder: Sendable {
  /// The folder; it need not exist.
  public let url: URL

  /// The user's folder.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    url = URL(filePath: UserFolder.data.path(in: environment)).appending(path: "sculpt/runs")
  }

  /// A path for a new run of a model of that name, which is given to nobody else, not even in the same second.
  public func newPath(
    model: String, at date: Date = .now,
    process: Int32 = ProcessInfo.processInfo.processIdentifier
  ) -> String {
    let name = String(model.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" }.prefix(40))
    let moment = date.formatted(
      .verbatim(
        "\(year: .defaultDigits)\(month: .twoDigits)\(day: .twoDigits)-\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased))\(minute: .twoDigits)\(second: .twoDigits)",
        timeZone: .current, calendar: .current))
    let number = Self.given.add(1, ordering: .relaxed).newValue
    let file = "\(name)-\(moment)-\(process)" + (number > 1 ? "-\(number)" : "")
    return url.appending(path: "\(file).sqlite").path(percentEncoded: false)
  }

  /// The paths that this process was given.
  private static let given = Atomic(0)

  /// The summary of a stored run.
  public struct Summary: Hashable, Sendable, Codable {
    /// The file.
    public var path: String
    /// The model's name.
    public var model: String
    /// When it began, ISO 8601.
    public var created: String
    /// Episodes stored.
    public var episodes: Int
    /// SHA-256 of the model's files; nil for one without weights.
    public var digest: String?
    /// The model's file; nil in runs that do not say.
    public var source: String?
    /// Whether its user pinned, edited or steered.
    public var isSteered: Bool
    /// The name and the note that the user gave it.
    public var label: RunLabel

    /// Whether there is something in it to go on with.
    public var isBegun: Bool { episodes > 0 || isSteered }

    /// A run that is known.
    public init(
      path: String, model: String, created: String, episodes: Int, digest: String? = nil,
      source: String? = nil, isSteered: Bool = false, label: RunLabel = RunLabel()
    ) {
      self.path = path
      self.model = model
      self.created = created
      self.episodes = episodes
      self.digest = digest
      self.source = source
      self.isSteered = isSteered
      self.label = label
    }
  }

  /// The model's file of a run, wherever that is kept.
  /// - Throws: `SearchError` if it is no run, or its model is not where it was.
  public static func model(ofRun path: String) throws(SearchError) -> String {
    let summary = try summary(ofRun: path)
    guard let source = summary.source, FileManager.default.fileExists(atPath: source) else {
      throw SearchError(
        "\(path): its model is not there any more: name the model, too"
          + (summary.source.map { "; there is no \($0)" } ?? ""))
    }
    return source
  }

  /// Throws if there is no run at a path.
  public static func check(run path: String) throws(SearchError) { _ = try summary(ofRun: path) }

  private static func summary(ofRun path: String) throws(SearchError) -> Summary {
    guard FileManager.default.fileExists(atPath: path) else {
      throw SearchError("\(path): there is no such run; see sculpt runs")
    }
    guard let summary = Summary(ofRun: path) else {
      throw SearchError("\(path): this is no run of this program")
    }
    return summary
  }

  /// What whoever showed a run kept beside it; nil if nothing, or if it is no run.
  package static func memory(ofRun path: String) -> Data? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try? RunConnection(path).memory()
  }

  /// The runs in the folder, newest first; files that are no runs are left out.
  public func summaries() -> [Summary] {
    let files =
      (try? FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "sqlite" }.compactMap { file in
      Summary(ofRun: file.path(percentEncoded: false))
    }.sorted { $0.created > $1.created }
  }
}

extension RunFolder.Summary {
  /// The summary of the run in a file; nil if that is none.
  fileprivate init?(ofRun path: String) {
    // Not read-only: what a killed program left in the write-ahead log is recovered on opening.
    let summary = try? RunConnection(path).read { database -> RunFolder.Summary? in
      guard let row = try Row.fetchOne(database, sql: "SELECT * FROM run") else { return nil }
      return RunFolder.Summary(
        path: path, model: row["model"], created: row["created"],
        episodes: try Int.fetchOne(database, sql: "SELECT count(*) FROM episode") ?? 0,
        digest: row["sha256"], source: row["source"],
        isSteered: try database.tableExists("memory"), label: try RunLabel(in: database))
    }
    guard let summary else { return nil }
    self = summary
  }
}
