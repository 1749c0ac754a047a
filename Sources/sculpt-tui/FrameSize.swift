internal import ArgumentParser
internal import Foundation

/// How large the frame is that `--once` prints.
struct FrameSize: ExpressibleByArgument {
  let columns: Int
  let rows: Int

  private static let limits = 1...1000

  private init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// Columns and rows as they are written: `140x44`, each 1 to 1000.
  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }.filter(Self.limits.contains)
    guard parts.count == 2, numbers.count == 2 else { return nil }
    self.init(columns: numbers[0], rows: numbers[1])
  }

  /// The terminal's size, else `COLUMNS` and `LINES`, else 80 x 24.
  static var usual: FrameSize {
    var window = winsize()
    let environment = ProcessInfo.processInfo.environment
    let isTerminal = isatty(STDOUT_FILENO) == 1
    if isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 {
      return FrameSize(columns: Int(window.ws_col), rows: max(1, Int(window.ws_row) - 1))
    }
    func number(_ name: String, _ usual: Int) -> Int {
      environment[name].flatMap { Int($0) }
        .map { min(max($0, limits.lowerBound), limits.upperBound) } ?? usual
    }
    return FrameSize(columns: number("COLUMNS", 80), rows: number("LINES", 24))
  }
}
