extension Key: CustomStringConvertible {
  private static let names: [(key: Key, name: String)] = [
    (.character(" "), "space"), (.enter, "enter"), (.escape, "esc"), (.tab, "tab"),
    (.backtab, "backtab"), (.backspace, "backspace"), (.delete, "delete"), (.insert, "insert"),
    (.home, "home"), (.end, "end"), (.pageUp, "pgup"), (.pageDown, "pgdn"), (.up, "up"),
    (.down, "down"), (.left, "left"), (.right, "right"),
  ]

  /// The notation used in key maps: `G`, `space`, `^d`, `M-x`, `f5`, `pgup`.
  public var description: String {
    switch self {
    case .character(let character) where character != " ": String(character)
    case .control(let character): "^\(character)"
    case .alt(let character): character == " " ? "M-space" : "M-\(character)"
    case .function(let number): "f\(number)"
    default: Key.names.first { $0.key == self }?.name ?? "?"
    }
  }

  /// Reads the notation that `description` writes; nil if it is none.
  public init?(_ notation: String) {
    if notation.count == 1, let character = notation.first {
      self = .character(character)
    } else if let named = Key.names.first(where: { $0.name == notation }) {
      self = named.key
    } else if notation.count == 2, notation.first == "^", let last = notation.lowercased().last {
      self = .control(last)
    } else if notation == "M-space" {
      self = .alt(" ")
    } else if notation.count == 3, notation.hasPrefix("M-"), let last = notation.last {
      self = .alt(last)
    } else if notation.first == "f", let number = Int(notation.dropFirst()),
      (1...24).contains(number)
    {
      self = .function(number)
    } else {
      return nil
    }
  }
}
