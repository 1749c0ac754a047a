internal import Formats
internal import Patterns
internal import TerminalKit

/// The program's two ways of running.
public enum SculptScreen {
  /// One frame as text, with the weights read and nothing measured.
  ///
  /// Throws what is wrong with the model or the theme, in one line.
  public static func once(_ options: ExplorerOptions, columns: Int, rows: Int) throws -> String {
    let start = try Start(options)
    var state = start.state
    let size = Size(width: max(1, columns), height: max(1, rows))
    _ = update(&state, .resize(size))
    if !start.file.namesWeights || start.file.data[.validation] == nil {
      _ = update(&state, .loadingFailed("the model names no weights or no validation images"))
    } else {
      let file = try start.file.readingWeights()
      _ = update(&state, .loaded(digest: file.digest, images: 0))
      _ = update(&state, .analysed(ModelAnalysis(file.model, in: state.space)))
      // Nothing is being measured, and nothing will be.
      state.isBaselineFinal = true
    }
    return view(state, size: size).text
  }

  /// Runs in the terminal until the user quits; returns the exit code.
  ///
  /// Throws what is wrong with the model, the theme or the terminal, in one line; then the terminal
  /// has not been touched.
  @MainActor
  public static func run(_ options: ExplorerOptions) throws -> Int32 {
    let start = try Start(options)
    let terminal: Terminal
    do {
      terminal = try Terminal(
        options: Terminal.Options(
          theme: start.theme, usesMouse: start.state.preferences.usesMouse,
          environment: options.environment))
    } catch .notATerminal(let stream) {
      throw NoTerminal(description: "\(stream) is not a terminal; --once prints one frame")
    }
    let loop = RunLoop(terminal, start, options)
    defer { terminal.close() }
    return loop.run()
  }
}

/// Why there is no screen, and what to do instead.
private struct NoTerminal: Error, CustomStringConvertible {
  let description: String
}
