import Foundation
import PseudoTerminal
import Synchronization
import TestSupport
import Testing

/// Where a person works: folders of their own for everything that the programs read and write, so that no story
/// knows of another, or of who runs it.
final class Home: Sendable {
  let folder: TemporaryFolder
  let environment: [String: String]

  /// A home where the small model was measured before, which takes a while.
  convenience init() throws {
    try self.init(isNew: true)
    let known = try MeasuredModel.cache.get()
    try FileManager.default.removeItem(atPath: self["cache"])
    try FileManager.default.linkItem(atPath: known, toPath: self["cache"])
  }

  /// A home where nothing was measured yet.
  init(isNew: Bool) throws {
    folder = try TemporaryFolder()
    var environment = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
      // A crash is not to ask what to do about it.
      "SWIFT_BACKTRACE": "interactive=no,enable=no",
    ]
    environment["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
    for (name, place) in [
      ("HOME", "home"), ("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"),
      ("XDG_CACHE_HOME", "cache"), ("TMPDIR", "tmp"),
    ] {
      environment[name] = folder[place]
      try FileManager.default.createDirectory(
        atPath: folder[place], withIntermediateDirectories: true)
    }
    self.environment = environment
  }

  /// The path of a file at home.
  subscript(name: String) -> String { folder[name] }

  func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder[name]) }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder[name], encoding: .utf8)
  }

  func writes(_ text: String, to name: String) throws {
    try text.write(toFile: folder[name], atomically: true, encoding: .utf8)
  }

  func launch(
    _ program: Program, _ arguments: [String], changing changes: [String: String] = [:],
    in place: String? = nil
  ) -> ChildProcess.Launch {
    ChildProcess.Launch(
      program.path, arguments, environment: environment.merging(changes) { $1 },
      folder: place ?? folder.path)
  }

  /// Runs a program without a terminal.
  func runs(_ program: Program, _ arguments: [String], in place: String? = nil) throws -> Outcome {
    try ChildProcess.run(launch(program, arguments, in: place))
  }

  /// Runs `sculpt`, which must succeed; returns its standard output.
  @discardableResult
  func sculpt(
    _ arguments: String..., in place: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    try sculpts(arguments, in: place, sourceLocation: sourceLocation).output
  }

  /// Runs `sculpt`, which must succeed.
  func sculpts(
    _ arguments: [String], in place: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try runs(.sculpt, arguments, in: place)
    try #require(
      outcome.code == 0, "sculpt \(arguments.joined(separator: " ")): \(outcome.errors)",
      sourceLocation: sourceLocation)
    return outcome
  }

  /// A command of `sculpt` that must fail; see `refuses(_:_:_:_:in:)`.
  func refuses(
    _ code: Int32, _ mention: String, _ arguments: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try refuses(code, mention, .sculpt, arguments, sourceLocation: sourceLocation)
  }

  /// A command that must fail with that exit code, nothing on standard output and one line on standard error,
  /// which holds what the pattern says.
  func refuses(
    _ code: Int32, _ mention: String, _ program: Program, _ arguments: [String],
    in place: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try runs(program, arguments, in: place)
    let command = Comment(
      rawValue: "\(program) \(arguments.joined(separator: " ")): \(outcome.errors)")
    #expect(outcome.code == code, command, sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, command, sourceLocation: sourceLocation)
    // How a model is read may be told before.
    let lines = outcome.errors.split(separator: "\n").filter { !$0.contains("(assumed: ") }
    #expect(
      outcome.errors.last == "\n" && lines.count == 1, command, sourceLocation: sourceLocation)
    #expect(
      outcome.errors.contains(try Regex(mention)), "no \(mention) in: \(command)",
      sourceLocation: sourceLocation)
  }

  /// The searches that are kept, newest first.
  func storedRuns() throws -> [StoredRun] {
    try JSONDecoder().decode([StoredRun].self, from: Data(try sculpt("runs", "--json").utf8))
  }

  struct StoredRun: Decodable, Equatable {
    var path: String
    var episodes: Int
  }
}

/// What each choice of the small model costs and how long it takes, measured once for all stories.
private enum MeasuredModel {
  /// The path of a cache folder.
  static let cache = Result {
    let home = try Home(isNew: true)
    try home.sculpt(
      "search", home.smallModel(), "--target-latency", "0.9", "--episodes", "1", "--steps", "1",
      "--images", "50")
    let kept = home["cache"]
    owner.withLock { $0 = home }
    atexit { owner.withLock { $0 = nil } }
    return kept
  }

  /// Keeps the folder until the end of the tests.
  private static let owner = Mutex<Home?>(nil)
}

/// The last number of that name in JSON: that of the whole, after those of its parts.
func number(_ name: String, in json: String) throws -> Double {
  let pattern = try Regex(
    "\"\(name)\"\\s*:\\s*(-?[0-9][0-9.eE+-]*)", as: (Substring, Substring).self)
  let match = try #require(json.matches(of: pattern).last, "no \(name) in \(json)")
  return try #require(Double(match.1))
}
