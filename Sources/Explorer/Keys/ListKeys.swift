internal import TerminalKit

/// The keys of lists and of texts that are only read.
enum ListKeys {
  /// The selected row after a key.
  static func move(_ selected: Int, by key: Key, count: Int) -> Int {
    let last = max(0, count - 1)
    return switch key {
    case .up, .character("k"): max(0, selected - 1)
    case .down, .character("j"): min(last, selected + 1)
    case .home, .character("g"): 0
    case .end, .character("G"): last
    case .pageUp, .control("u"): max(0, selected - 5)
    case .pageDown, .control("d"): min(last, selected + 5)
    default: selected
    }
  }

  /// The first line on screen after a key; nil for a key that closes the text.
  static func scroll(_ line: Int, by key: Key, count: Int) -> Int? {
    let last = max(0, count - 1)
    return switch key {
    case .down, .character("j"): min(line + 1, last)
    case .up, .character("k"): max(0, line - 1)
    case .pageDown, .control("d"), .character(" "): min(line + 10, last)
    case .pageUp, .control("u"): max(0, line - 10)
    case .home, .character("g"): 0
    case .end, .character("G"): last
    default: nil
    }
  }
}
