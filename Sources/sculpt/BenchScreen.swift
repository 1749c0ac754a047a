internal import ArgumentParser
internal import Formats
internal import Foundation
internal import Kernels
internal import Metrics
internal import ModelGraph
internal import PseudoTerminal

/// `sculpt bench screen`: how quick sculpt-tui is, seen from the terminal.
struct BenchScreen: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screen",
    abstract: "Measures sculpt-tui on a terminal of its own: start, keys, idleness, scrolling.",
    discussion: """
      Keys are typed at a pseudo-terminal; a frame is what lies between the marks of synchronised output. \
      Nothing of the user's is read or written.
      """)

  @Argument(help: ArgumentHelp("The model.", valueName: "model.json|model.onnx"))
  var model: String

  @Option(help: "How many keys are typed.")
  var keys = 200

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard keys > 0 else { throw ValidationError("--keys must be at least 1") }
  }

  private static let columns = 120
  private static let rows = 40
  private static let layers = 1000
  private static let frameEnd = Array("\u{1B}[?2026l".utf8)

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "sculpt-bench-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }

    let starts = try (0..<9).map { _ in try firstFrame(folder) }
    let screen = try start(model, folder)
    try rest(screen)
    let idleKeys = try keyTimes(screen)
    screen.forget()
    screen.type("T")
    try frame(of: screen)
    screen.forget()
    screen.type("7")
    try frame(of: screen)
    let bytes = screen.written.count
    screen.type("\u{1B}")
    try rest(screen)
    let wakeUps = try wakeUps(of: screen)
    screen.type("p")
    try screen.wait(for: "a search", limit: .seconds(180)) { $0.count > 20_000 }
    let busyKeys = try keyTimes(screen)
    screen.type("pq")

    let tall = folder.appending(path: "tall.json").path(percentEncoded: false)
    try ModelFile.write(Self.tallModel(), to: tall)
    let long = try start(tall, folder)
    try screen.settle(quiet: .milliseconds(300))
    let scrolling = try keyTimes(long)
    long.type("q")

    let report = Report(
      firstFrame: Timings(starts), keyToFrame: Timings(idleKeys),
      keyToFrame95: Self.percentile95(idleKeys), keyToFrameSearching: Timings(busyKeys),
      keyToFrameSearching95: Self.percentile95(busyKeys), keyToFrame1000Layers: Timings(scrolling),
      keyToFrame1000Layers95: Self.percentile95(scrolling), wakeUpsIn5Seconds: wakeUps,
      bytesOfOneCell: bytes)
    if json { return try printJSON(report) }
    func line(_ name: String, _ timings: Timings, _ percentile: Double? = nil) {
      let tail = percentile.map { String(format: ", 95 %% within %.1f ms", $0 * 1e3) } ?? ""
      print(name, String(format: "%.1f ms", timings.median * 1e3) + tail)
    }
    print("\(Self.columns)x\(Self.rows), medians")
    line("first frame after launch      ", report.firstFrame)
    line("key to frame, at rest         ", report.keyToFrame, report.keyToFrame95)
    line("key to frame, searching       ", report.keyToFrameSearching, report.keyToFrameSearching95)
    line(
      "key to frame, \(Self.layers) layers     ", report.keyToFrame1000Layers,
      report.keyToFrame1000Layers95)
    print("written when one cell changes ", "\(bytes) bytes")
    print("wake-ups in 5 s at rest       ", wakeUps.map(String.init) ?? "unknown here")
  }

  private struct Report: Encodable {
    /// Seconds.
    var firstFrame: Timings
    var keyToFrame: Timings
    var keyToFrame95: Double
    var keyToFrameSearching: Timings
    var keyToFrameSearching95: Double
    var keyToFrame1000Layers: Timings
    var keyToFrame1000Layers95: Double
    var wakeUpsIn5Seconds: Int?
    var bytesOfOneCell: Int
  }

  /// sculpt-tui beside this program, with nothing of the user's.
  private func start(_ model: String, _ folder: URL) throws -> PseudoTerminal {
    let own = Bundle.main.executablePath ?? CommandLine.arguments[0]
    let program = URL(filePath: own).deletingLastPathComponent().appending(path: "sculpt-tui")
    var environment = ProcessInfo.processInfo.environment
    for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
      environment[name] = folder.path(percentEncoded: false)
    }
    environment["TERM"] = "xterm-256color"
    environment["COLORTERM"] = nil
    environment["NO_COLOR"] = nil
    environment["LC_ALL"] = "C.UTF-8"
    return try PseudoTerminal(
      ChildProcess.Launch(
        program.path(percentEncoded: false), [model], environment: environment),
      columns: Self.columns, rows: Self.rows, errors: "/dev/null")
  }

  private func firstFrame(_ folder: URL) throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    let screen = try self.start(model, folder)
    try frame(of: screen)
    let time = clock.now - start
    screen.type("q")
    return time.seconds
  }

  /// Waits until the program has nothing more to do: some of what it measures first takes seconds of which the screen
  /// says nothing.
  private func rest(_ screen: PseudoTerminal) throws {
    let end = ContinuousClock.now + .seconds(180)
    repeat {
      let before = processorTime(of: screen)
      try screen.settle()
      if let before, let after = processorTime(of: screen), after - before > 2 { continue }
      return
    } while ContinuousClock.now < end
  }

  /// The processor time that the program has taken, in ticks of the system; nil where that does not tell.
  private func processorTime(of screen: PseudoTerminal) -> Int? {
    let path = "/proc/\(screen.process.identifier)/stat"
    // The name, in brackets, may hold spaces; user and system time are the 12th and 13th fields after it.
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let name = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[name...].split(separator: " ")
    guard fields.count > 13 else { return nil }
    return fields[12...13].compactMap { Int($0) }.reduce(0, +)
  }

  /// Waits for the end of a frame.
  private func frame(of screen: PseudoTerminal) throws {
    try screen.wait(for: "a frame", limit: .seconds(20)) { Self.holds($0, Self.frameEnd) }
  }

  /// Goes down and up the rows, a key at a time, at uneven distances. The frame that shows a key's effect is told
  /// from others by the row's pointer, which nothing but these keys moves.
  private func keyTimes(_ screen: PseudoTerminal) throws -> [Double] {
    let pointer = Array("▶".utf8)
    var times: [Double] = []
    for number in 0..<keys {
      let end = ContinuousClock.now + .milliseconds(5 + number * 7 % 31)
      while case let left = end - ContinuousClock.now, left > .zero {
        screen.read(patience: max(left, .milliseconds(1)))
      }
      screen.forget()
      screen.type(number / 20 % 2 == 0 ? "j" : "k")
      let time = try screen.wait(for: "the effect of a key", limit: .seconds(10)) { bytes in
        guard let place = Self.place(of: pointer, in: bytes) else { return false }
        return Self.holds(bytes[place...], Self.frameEnd)
      }
      times.append(time.seconds)
    }
    return times
  }

  /// How often the program's threads were woken in 5 seconds; nil where the system does not tell.
  private func wakeUps(of screen: PseudoTerminal) throws -> Int? {
    func count() -> Int? {
      let tasks = "/proc/\(screen.process.identifier)/task"
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: tasks) else {
        return nil
      }
      return names.reduce(0) { sum, name in
        let status = (try? String(contentsOfFile: "\(tasks)/\(name)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches") }
        return sum + (line?.split(separator: "\t").last.flatMap { Int($0) } ?? 0)
      }
    }
    guard let before = count() else { return nil }
    let end = ContinuousClock.now + .seconds(5)
    while ContinuousClock.now < end { screen.read(patience: end - ContinuousClock.now) }
    return count().map { $0 - before }
  }

  /// A chain of convolutions, without weights.
  private static func tallModel() throws -> Model {
    var nodes: [NodeDeclaration] = []
    for layer in 0..<layers {
      let name = "block\(layer / 10).conv\(layer % 10)"
      nodes.append(
        NodeDeclaration(
          name: name,
          op: .convolution(
            Convolution(
              outputChannels: 16, kernel: Extent(3, 3),
              pads: Pads(top: 1, left: 1, bottom: 1, right: 1), weight: name + ".weight")),
          inputs: [nodes.last?.name ?? "input"]))
    }
    let graph = try Graph(input: Shape([3, 8, 8]), declarations: nodes)
    return try Model(
      name: "\(layers) layers", graph: graph, input: InputDescription(), classes: [],
      parameters: [:])
  }

  private static func percentile95(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * 95 / 100)]
  }

  private static func holds(_ bytes: some Collection<UInt8>, _ wanted: [UInt8]) -> Bool {
    place(of: wanted, in: Array(bytes)) != nil
  }

  private static func place(of wanted: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= wanted.count else { return nil }
    return (0...bytes.count - wanted.count).first { bytes[$0...].starts(with: wanted) }
  }
}
