import PseudoTerminal

/// A key of a keyboard.
enum Key: ExpressibleByStringLiteral {
  case character(String)
  case control(Character)
  case enter, escape, tab, space, up, down, left, right

  init(stringLiteral text: String) { self = .character(text) }

  /// What xterm sends for it.
  func sequence(_ modes: Screen.Modes) -> String {
    let arrow = modes.hasApplicationCursor ? "\u{1B}O" : "\u{1B}["
    return switch self {
    case .character(let text): text
    case .control(let letter):
      String(decoding: [(letter.asciiValue ?? 0) & 0x1F], as: UTF8.self)
    case .enter: "\r"
    case .escape: "\u{1B}"
    case .tab: "\t"
    case .space: " "
    case .up: arrow + "A"
    case .down: arrow + "B"
    case .right: arrow + "C"
    case .left: arrow + "D"
    }
  }
}
