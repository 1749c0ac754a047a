/// Which terminal description to use.
package enum TerminalKind {
  /// The descriptions to try, best first.
  ///
  /// ncurses reaches 24-bit colours only through descriptions of their own (`xterm-direct`); they are tried
  /// when `COLORTERM` says that the terminal can.
  package static func candidates(term: String, environment: [String: String]) -> [String] {
    guard ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? ""), !term.contains("direct")
    else { return [term] }
    let family = term.split(separator: "-").first.map(String.init) ?? term
    let direct = family == "screen" ? ["tmux-direct"] : ["\(family)-direct"]
    return direct + [term]
  }
}
