import Foundation
import PseudoTerminal
import Testing

/// A person at a terminal: presses keys, sees what is on the screen.
///
/// Waiting is always for something on the screen, asleep until the program writes. A frame is looked at when it is
/// complete.
final class User {
  let home: Home
  let terminal: PseudoTerminal
  private(set) var screen: Screen
  /// The file with the program's standard error.
  private let errors: String
  private let modesBefore: Screen.Modes
  private static let mark = "the screen before"

  /// Far beyond what anything takes, even on a machine that is busy with other tests.
  static let patience = Duration.seconds(180)

  /// Somebody who starts a program.
  ///
  /// - Parameter seesErrors: whether its standard error is the terminal as well.
  init(
    _ home: Home, starts launch: ChildProcess.Launch, columns: Int = 80, rows: Int = 24,
    seesErrors: Bool = false
  ) throws {
    self.home = home
    errors = home["errors-\(UUID())"]
    screen = Screen(columns: columns, rows: rows)
    screen.write("\(Self.mark)\r\n".utf8)
    modesBefore = screen.modes
    terminal = try PseudoTerminal(
      launch, columns: columns, rows: rows, errors: seesErrors ? nil : errors)
  }

  // MARK: Seeing

  /// Waits until every pattern is on the screen, each within a row.
  func sees(_ patterns: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
    for pattern in patterns {
      let regex = try Regex(pattern)
      try waits(for: pattern, sourceLocation: sourceLocation) { screen in
        screen.lines.contains { $0.contains(regex) }
      }
    }
  }

  /// Waits until the pattern is on the screen no more.
  func seesNoMore(_ pattern: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let regex = try Regex(pattern)
    try waits(for: "no more of \(pattern)", sourceLocation: sourceLocation) { screen in
      !screen.lines.contains { $0.contains(regex) }
    }
  }

  /// Waits until the pattern is on the screen, and returns what it matches.
  func reads(
    _ pattern: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    try sees(pattern, sourceLocation: sourceLocation)
    return try #require(try glances(for: pattern), sourceLocation: sourceLocation)
  }

  /// Waits until the pattern is on the screen, and returns the first number of what it matches.
  func readsNumber(
    _ pattern: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let text = try reads(pattern, sourceLocation: sourceLocation)
    return String(try #require(text.firstMatch(of: /[0-9]+(\.[0-9]+)?/), "\(text)").output.0)
  }

  /// What matches the pattern by now.
  func glances(for pattern: String) throws -> String? {
    let regex = try Regex(pattern)
    return screen.lines.lazy.compactMap { $0.firstMatch(of: regex) }.first.map { String($0.0) }
  }

  /// Waits until the screen is as wanted.
  func waits(
    for what: String, sourceLocation: SourceLocation = #_sourceLocation,
    until condition: (Screen) throws -> Bool
  ) throws {
    let deadline = ContinuousClock.now + Self.patience
    while try screen.modes.isUpdating || !condition(screen) {
      let left = deadline - .now
      try #require(
        left > .zero && !terminal.isAtEnd, "waited in vain for \(what)\n\(picture)",
        sourceLocation: sourceLocation)
      looks(patience: left)
    }
  }

  /// Waits until nothing is written for a second.
  func seesNothingHappen() throws {
    let deadline = ContinuousClock.now + Self.patience
    while looks(patience: .seconds(1)) {
      try #require(.now < deadline, "the screen does not come to rest\n\(picture)")
    }
  }

  /// Takes what is written within a time; returns whether there was anything.
  @discardableResult
  private func looks(patience: Duration) -> Bool {
    let hasCome = terminal.read(patience: patience)
    screen.write(terminal.written)
    terminal.forget()
    return hasCome
  }

  private var picture: String {
    let end = terminal.isAtEnd ? "the program has ended\n" : ""
    let errors = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
    return end + errors + screen.lines.map { "  | \($0)" }.joined(separator: "\n")
  }

  // MARK: Acting

  /// Presses keys, one after the other.
  func presses(_ keys: Key...) {
    for key in keys { terminal.type(key.sequence(screen.modes)) }
  }

  /// Types text.
  func types(_ text: String) { terminal.type(text) }

  /// Types text in place of what a field holds.
  func replaces(with text: String) {
    presses(.control("u"))
    types(text)
  }

  /// Pastes text, marked as such if the program wants that.
  func pastes(_ text: String) {
    let mark = screen.modes.marksPaste
    terminal.type(mark ? "\u{1B}[200~\(text)\u{1B}[201~" : text)
  }

  /// Clicks on a cell, counted from 1.
  func clicks(column: Int, row: Int) {
    guard !screen.modes.mouse.isEmpty else { return }
    terminal.type("\u{1B}[<0;\(column);\(row)M\u{1B}[<0;\(column);\(row)m")
  }

  /// Turns the wheel over a cell towards themselves.
  func turnsWheel(column: Int, row: Int) {
    guard !screen.modes.mouse.isEmpty else { return }
    terminal.type("\u{1B}[<65;\(column);\(row)M")
  }

  /// Makes the window larger or smaller.
  func resizes(columns: Int, rows: Int) {
    screen.resize(columns: columns, rows: rows)
    terminal.resize(columns: columns, rows: rows)
  }

  // MARK: The end

  /// Waits until the program has ended with that code, and left the terminal as it was and no word on standard error.
  func isBack(
    code: Int32 = 0, saying: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let deadline = ContinuousClock.now + Self.patience
    while !terminal.isAtEnd {
      let left = deadline - .now
      try #require(
        left > .zero, "waited in vain for the end\n\(picture)", sourceLocation: sourceLocation)
      looks(patience: left)
    }
    let seen = terminal.process.wait()
    #expect(seen == code, "\(picture)", sourceLocation: sourceLocation)
    #expect(terminal.settings == terminal.settingsBefore, sourceLocation: sourceLocation)
    #expect(screen.modes == modesBefore, sourceLocation: sourceLocation)
    #expect(screen.lines.first == Self.mark, "\(picture)", sourceLocation: sourceLocation)
    #expect(screen.unknown == [], sourceLocation: sourceLocation)
    let errors = try String(contentsOfFile: errors, encoding: .utf8)
    if saying.isEmpty {
      #expect(errors.isEmpty, sourceLocation: sourceLocation)
    } else {
      #expect(errors.split(separator: "\n").count == 1, sourceLocation: sourceLocation)
      #expect(errors.contains(try Regex(saying)), "\(errors)", sourceLocation: sourceLocation)
    }
  }

  /// Quits, and once more where that is asked.
  func leaves(sourceLocation: SourceLocation = #_sourceLocation) throws {
    presses("q")
    let deadline = ContinuousClock.now + Self.patience
    while !terminal.isAtEnd, try glances(for: #"Quit\?"#) == nil, .now < deadline {
      looks(patience: deadline - .now)
    }
    if !terminal.isAtEnd { presses("q") }
    try isBack(sourceLocation: sourceLocation)
  }
}
