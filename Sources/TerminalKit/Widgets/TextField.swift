/// One line of text that is being typed: the text, the cursor, and what keys do to them.
public struct TextField: Hashable, Sendable {
  /// The text typed so far.
  public private(set) var text: String
  /// How many characters are to the left of the cursor.
  public private(set) var cursor: Int
  /// Longer texts are cut.
  public let limit: Int

  /// Makes a field with the cursor at the end of the text.
  public init(_ text: String = "", limit: Int = 4096) {
    self.limit = max(0, limit)
    self.text = String(TextField.line(text).prefix(self.limit))
    self.cursor = self.text.count
  }

  /// Inserts text at the cursor; line breaks and tabs become spaces, other control characters nothing.
  public mutating func insert(_ new: String) {
    let (left, right) = halves
    let room = max(0, limit - text.count)
    let head = left + TextField.line(new).prefix(room)
    text = String((head + right).prefix(limit))
    cursor = min(head.count, text.count)
  }

  /// Removes up to `count` characters: to the left of the cursor if negative, else to the right.
  public mutating func delete(_ count: Int) {
    let (left, right) = halves
    let kept = count < 0 ? String(left.dropLast(count == .min ? .max : -count)) : left
    text = kept + (count > 0 ? String(right.dropFirst(count)) : right)
    cursor = min(kept.count, text.count)
  }

  /// Moves the cursor, as far as there is text.
  public mutating func move(to position: Int) {
    cursor = min(max(0, position), text.count)
  }

  /// Does what a key means in a field; false if it means nothing there.
  public mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert(String(character))
    case .backspace: delete(-1)
    case .delete, .control("d"): delete(1)
    case .left, .control("b"): move(to: cursor - 1)
    case .right, .control("f"): move(to: cursor + 1)
    case .home, .control("a"): move(to: 0)
    case .end, .control("e"): move(to: text.count)
    case .control("u"): delete(-cursor)
    case .control("k"): delete(text.count - cursor)
    case .control("w"), .alt("\u{7F}"): delete(-(cursor - wordStart))
    case .alt("b"): move(to: wordStart)
    case .alt("f"): move(to: wordEnd)
    default: return false
    }
    return true
  }

  private var halves: (left: String, right: String) {
    (String(text.prefix(cursor)), String(text.dropFirst(cursor)))
  }

  private var wordStart: Int {
    let left = text.prefix(cursor).reversed()
    return cursor - left.prefix { $0 == " " }.count
      - left.drop { $0 == " " }.prefix { $0 != " " }.count
  }

  private var wordEnd: Int {
    let right = text.dropFirst(cursor)
    return cursor + right.prefix { $0 == " " }.count
      + right.drop { $0 == " " }.prefix { $0 != " " }.count
  }

  private static func line(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if ["\n", "\t", "\r"].contains(scalar) {
        result.append(" ")
      } else if scalar.properties.generalCategory != .control {
        result.append(scalar)
      }
    }
    return String(result)
  }
}
