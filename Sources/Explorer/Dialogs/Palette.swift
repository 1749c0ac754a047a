package import TerminalKit

/// Commands found by a few letters of their name.
package struct Palette: Hashable, Sendable {
  /// The text typed so far.
  package var field = TextField(limit: 60)
  /// The chosen match.
  package var selected = 0

  /// With nothing typed.
  package init() {}

  /// How well `text` is meant by `pattern`: all its letters in order; less is better.
  ///
  /// Letters at the beginning of words and next to each other count for it.
  package static func distance(of text: String, from pattern: String) -> Int? {
    let text = Array(text.lowercased())
    var distance = 0
    var place = 0
    var last = -1
    for letter in pattern.lowercased() where letter != " " {
      guard let found = text[place...].firstIndex(of: letter) else { return nil }
      let startsWord = found == 0 || text[found - 1] == " "
      distance += startsWord || found == last + 1 ? 0 : 2 + min(found - place, 10)
      last = found
      place = found + 1
    }
    return distance * 100 + text.count
  }

  /// The bindings meant, best first.
  func matches(_ bindings: [Binding]) -> [Binding] {
    guard !field.text.isEmpty else { return bindings }
    return bindings.enumerated().compactMap { index, binding in
      Self.distance(of: binding.name, from: field.text).map { (binding, $0, index) }
    }.sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
  }
}
