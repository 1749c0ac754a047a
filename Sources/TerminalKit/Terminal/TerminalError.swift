/// Why there can be no full-screen program here: one line. The terminal was not touched.
public enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Standard input or output is a file or a pipe.
  case notATerminal(String)
  /// `TERM` is not set.
  case noTerm
  /// There is no description of the terminal.
  case unknownTerm(String)
  /// The terminal cannot place its cursor.
  case incapableTerm(String)
  /// The system refused something.
  case system(String)

  /// One line, fit to be shown to the user.
  public var description: String {
    switch self {
    case .notATerminal(let stream): "\(stream) is not a terminal"
    case .noTerm: "TERM is not set: set it to your terminal's name, such as xterm-256color"
    case .unknownTerm(let name):
      "TERM=\(name) is unknown here: install its terminfo entry or set TERM=xterm-256color"
    case .incapableTerm(let name): "TERM=\(name) cannot place the cursor: a full screen needs that"
    case .system(let problem): problem
    }
  }
}
