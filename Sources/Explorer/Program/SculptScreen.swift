public import Formats
internal import Search
internal import TerminalKit

/// The program's two ways of running.
public enum SculptScreen {
  /// One frame as text, with the weights read and nothing measured.
  ///
  /// Throws what is wrong with the model or the theme, in one line.
  public static func once(
    _ file: ModelFile, _ options: ExplorerOptions, columns: Int, rows: Int
  ) throws -> String {
    let start = Start(file, options, try Look(options))
    var state = start.state
    let size = Size(width: max(1, columns), height: max(1, rows))
    _ = update(&state, .resize(size))
    if !start.file.namesWeights {
      _ = update(&state, .search(.loadingFailed("the model names no weights")))
    } else if start.file.data[.validation] == nil {
      let remedy = start.file.remedyForMissingData(of: .validation)
      let why = "the model names no validation images: \(remedy)"
      _ = update(&state, .search(.loadingFailed(why)))
    } else {
      let file = try start.file.readingWeights()
      state.load(digest: file.digest, images: 0)
      _ = update(&state, .weights(WeightStatistics(file.model, in: state.model.space)))
      // Nothing is being measured, and nothing will be.
      state.model.baseline.isFinal = true
    }
    return view(state, size: size).text
  }

  /// Runs in the terminal until the user quits; returns the exit code.
  ///
  /// Throws what is wrong with the model, the theme or the terminal, in one line; then the terminal
  /// has not been touched.
  @MainActor
  public static func run(_ options: ExplorerOptions) throws -> Int32 {
    let look = try Look(options)
    let terminal: Terminal
    do {
      terminal = try Terminal(
        options: Terminal.Options(
          theme: look.theme, usesMouse: look.preferences.usesMouse,
          environment: options.environment))
    } catch .notATerminal(let stream) {
      throw NoTerminal(description: "\(stream) is not a terminal; --once prints one frame")
    }
    defer { terminal.close() }
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
    return RunLoop(terminal, Start(file, options, look), options).run()
  }
}

/// Why there is no screen, and what to do instead.
private struct NoTerminal: Error, CustomStringConvertible {
  let description: String
}
