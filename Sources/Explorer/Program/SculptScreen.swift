internal import Engine
public import Formats
internal import Patterns
internal import Pruning
internal import Search
internal import Synchronization
internal import TerminalKit

/// The program's two ways of running.
public enum SculptScreen {
  /// How one frame is written.
  public enum Format {
    /// As plain text.
    case text
    /// As a picture in the theme's colours, with every character whatever the locale.
    case svg
  }

  /// One frame, with the weights and the stored run read, and nothing measured.
  ///
  /// Throws what is wrong with the model, the run or the theme, in one line.
  public static func once(
    _ file: ModelFile, _ options: ExplorerOptions, columns: Int, rows: Int, as format: Format
  ) throws -> String {
    var look = try Look(options)
    if format == .svg, !options.isASCII { look.glyphs = .braille }
    let start = Start(file, options, look)
    var state = start.state
    let size = Size(width: max(1, columns), height: max(1, rows))
    _ = update(&state, .resize(size))
    if start.recording.storedPath != nil {
      try resume(start, options, &state)
    } else if !start.file.namesWeights {
      _ = update(&state, .search(.loadingFailed("the model names no weights")))
    } else if start.file.data[.validation] == nil {
      let remedy = start.file.remedyForMissingData(of: .validation)
      let why = "the model names no validation images: \(remedy)"
      _ = update(&state, .search(.loadingFailed(why)))
    } else {
      let file = try start.file.readingWeights()
      state.load(digest: file.digest, images: 0)
      _ = update(&state, .weights(WeightStatistics(file.model)))
      // Nothing is being measured, and nothing will be.
      state.model.baseline.isFinal = true
    }
    let frame = view(state, size: size)
    return switch format {
    case .text: frame.text
    case .svg: frame.svg(theme: look.theme)
    }
  }

  /// Reads a stored run, whose strategies are of the model and its images.
  private static func resume(
    _ start: Start, _ options: ExplorerOptions, _ state: inout ExplorerState
  ) throws {
    let workbench = try Workbench(start, options)
    _ = update(&state, .search(.loaded(workbench)))
    _ = update(&state, .weights(WeightStatistics(workbench.model)))
    let told = Mutex<[SearchSession.Event]>([])
    // A frame disturbs nobody who writes into the run.
    _ = try SearchSession(
      workbench, settings: start.settings, options: .init(recording: start.recording.unwritten)
    ) { event in told.withLock { $0.append(event) } }
    for event in told.withLock({ $0 }) { _ = update(&state, .search(event)) }
    state.run.work.measuring = nil
    state.model.baseline.isFinal = true
    let decisions = workbench.method.correction.decisions
    let pruned = try workbench.prune(state.run.shown, decisions)
    _ = update(&state, .masks(MaskSummary(state.run.shown, pruned: pruned)))
  }

  /// Runs in the terminal until the user quits; returns the exit code.
  ///
  /// Throws what is wrong with the model, the theme or the terminal, in one line; then the terminal
  /// has not been touched.
  @MainActor
  public static func run(_ options: ExplorerOptions) throws -> Int32 {
    var look = try Look(options)
    let terminal: Terminal
    do {
      terminal = try Terminal(
        options: Terminal.Options(
          theme: look.theme, usesMouse: look.preferences.usesMouse,
          environment: options.environment, glyphs: look.glyphs))
    } catch .notATerminal(let stream) {
      throw NoTerminal(description: "\(stream) is not a terminal; --once prints one frame")
    }
    defer { terminal.close() }
    look.glyphs = terminal.glyphs
    var options = options
    let file: ModelFile
    if let named = options.file {
      file = named
    } else {
      switch WelcomeLoop(terminal, options, glyphs: look.glyphs).run() {
      case .left(let code): return code
      case .opened(let chosen, let run):
        file = chosen
        options.resume = run
      }
    }
    return show(file, on: terminal, options, look)
  }

  /// Shows a model, and those that the user goes to from there; returns the exit code.
  @MainActor
  private static func show(
    _ first: ModelFile, on terminal: Terminal, _ usual: ExplorerOptions, _ look: Look
  ) -> Int32 {
    var (file, options, look) = (first, usual, look)
    while true {
      let loop = RunLoop(terminal, Start(file, options, look), options)
      let code = loop.run()
      guard let next = loop.successor else { return code }
      file = next.file
      (options.resume, options.follows, options.namesImages) = (next.run, false, false)
      // What was said of the first model is not said of this one; it is drawn as that was at last.
      (options.recipe, options.train, options.theme) = (nil, nil, nil)
      if let now = try? Look(options) { look = now }
      look.glyphs = terminal.glyphs
    }
  }
}

extension Workbench {
  /// The weights and images, read.
  fileprivate init(_ start: Start, _ options: ExplorerOptions) throws {
    let run = start.recording.storedPath
    let choice = run.map(DataChoice.init(ofRun:)) ?? DataChoice()
    let own = try run.map { try Start.file(start.file, ofRun: $0, but: choice, options) }
    try self.init(
      choice.applied(to: own ?? start.file, over: own ?? start.file).readingWeights(),
      library: options.library,
      engine: options.engine,
      threads: options.threads ?? Evaluator.defaultThreads, memory: options.memory,
      method: PruningMethod(sharing: options.sharing))
  }
}

/// Why there is no screen, and what to do instead.
private struct NoTerminal: Error, CustomStringConvertible {
  let description: String
}
