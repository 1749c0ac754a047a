/// A part of a page, escaped and well-formed by the way it is made.
struct Markup {
  /// As it is written into the page.
  let source: String

  /// Text.
  init(text: String) { source = Self.escaped(text) }

  /// An element with what is in it.
  init(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []
  ) {
    let written = attributes.map { " \($0)=\"\(Self.escaped($1))\"" }.joined()
    source =
      children.isEmpty && Self.empty.contains(name)
      ? "<\(name)\(written)/>"
      : "<\(name)\(written)>\(children.map(\.source).joined())</\(name)>"
  }

  /// An element with a text in it.
  init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String) {
    self.init(name, attributes, [Markup(text: text)])
  }

  /// What is a style sheet, and no text.
  init(style: String) { source = "<style>\n\(style)</style>" }

  private static let empty: Set<String> = [
    "br", "meta", "path", "line", "circle", "rect", "polyline",
  ]

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // Not allowed in a page, however they are written.
      case "\0"..<"\t", "\u{B}", "\u{C}", "\u{E}"..<" ", "\u{7F}"..<"\u{A0}", "\u{FFFE}",
        "\u{FFFF}":
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
