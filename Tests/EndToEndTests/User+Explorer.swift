import PseudoTerminal
import Testing

extension Home {
  /// Somebody opens `sculpt-tui`.
  func opens(_ arguments: String..., columns: Int = 80, rows: Int = 24) throws -> User {
    try User(self, starts: launch(.explorer, arguments), columns: columns, rows: rows)
  }

  /// Somebody opens the small model with what makes a search short.
  func opensSmallModel(
    _ options: String..., steps: Int = 1, columns: Int = 80, rows: Int = 24
  ) throws -> User {
    let arguments =
      [try smallModel(), "--images", "100", "--steps", "\(steps)", "--seed", "1"] + options
    return try User(self, starts: launch(.explorer, arguments), columns: columns, rows: rows)
  }
}

extension User {
  /// Waits until weights and images are read.
  func seesItLoaded() throws { try sees("■ paused|… baseline|▶ searching") }

  /// Waits until nothing is measured any more: not the dense model, not what each choice costs (the logit error),
  /// nor its time.
  func seesItAtRest() throws { try sees("■ paused", "logit error", #" [0-9]+\.[0-9]x"#) }

  /// Lets the search run until that many episodes have ended.
  func searches(episodes: Int) throws {
    presses("p")
    try sees("▶ searching")
    try waits(for: "\(episodes) episodes") { screen in
      guard let match = screen.lines.first?.firstMatch(of: /\bep ([0-9]+)/) else { return false }
      return Int(match.1) ?? 0 > episodes
    }
  }

  /// Moves down to the layer whose row holds the pattern.
  func selects(_ layer: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    presses("g")
    try sees("^▶.* input ", sourceLocation: sourceLocation)
    try goesDown(to: "^▶.* \(layer) ", sourceLocation: sourceLocation)
  }

  /// Opens the selected layer's patterns.
  func opensPatterns(of layer: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    presses("e")
    try sees("Pattern of \(layer)", sourceLocation: sourceLocation)
    presses("g")
    try sees("▶ dense", sourceLocation: sourceLocation)
  }

  /// Presses `j` until the row that `▶` points to is the one wanted.
  func goesDown(to wanted: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let pointer = wanted.hasPrefix("^") ? "^▶.*" : "▶ [^ ]+"
    for _ in 0..<80 {
      if try glances(for: wanted) != nil { return }
      let row = try reads(pointer, sourceLocation: sourceLocation)
      presses("j")
      let regex = try Regex(pointer)
      try waits(for: "another row than \(row)", sourceLocation: sourceLocation) { screen in
        screen.lines.lazy.compactMap { $0.firstMatch(of: regex) }.first.map { String($0.0) } != row
      }
    }
    Issue.record("no row shows \(wanted)", sourceLocation: sourceLocation)
  }

  /// Opens the dialog of exports, goes to a format and names a file.
  func exports(_ format: Key..., to path: String) throws {
    presses("x")
    try sees("─ Export")
    for key in format { presses(key) }
    replaces(with: path)
    try sees("to .*\(path.split(separator: "/").last ?? "")")
  }
}
