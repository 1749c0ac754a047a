internal import ModelGraph

/// Values as Python writes them.
enum Python {
  /// A number; Python has no literal for those that are not finite.
  static func number(_ value: Float) -> String {
    value.isFinite ? value.description : "float(\"\(value.description)\")"
  }

  /// A string in quotes.
  static func string(_ text: String) -> String { JSONValue.string(text).compact }

  /// A tuple; that of one element has a comma.
  static func tuple(_ elements: [String]) -> String {
    elements.count == 1 ? "(\(elements[0]),)" : "(\(elements.joined(separator: ", ")))"
  }

  /// A tuple of whole numbers.
  static func tuple(_ values: [Int]) -> String { tuple(values.map(String.init)) }

  /// Rows and columns: one number if they are alike.
  static func extent(_ extent: Extent) -> String {
    extent.height == extent.width
      ? "\(extent.height)" : tuple([extent.height, extent.width])
  }

  /// A call, its positional arguments before those with a name.
  static func call(
    _ function: String, _ arguments: [String], _ named: KeyValuePairs<String, String?> = [:]
  ) -> String {
    let options = named.compactMap { name, value in value.map { "\(name)=\($0)" } }
    return "\(function)(\((arguments + options).joined(separator: ", ")))"
  }

  /// A list of whole numbers over as many lines as it needs, the later ones indented.
  static func list(_ values: [Int], indent: Int, width: Int = 100) -> String {
    let short = "[\(values.map(String.init).joined(separator: ", "))]"
    if short.count + 2 * indent <= width { return short }
    let margin = String(repeating: " ", count: indent + 4)
    var lines: [String] = []
    var line = margin
    for value in values {
      if line.count + "\(value),".count > width {
        lines.append(line)
        line = margin
      }
      line += line == margin ? "\(value)," : " \(value),"
    }
    return "[\n\((lines + [line]).joined(separator: "\n"))\n\(margin.dropLast(4))]"
  }

  /// A name for a variable or an attribute that is made of `text`, which may be anything.
  static func identifier(_ text: String) -> String {
    let allowed = text.unicodeScalars.map { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_": Character(scalar)
      default: Character("_")
      }
    }
    let parts = String(allowed).split(separator: "_", omittingEmptySubsequences: false)
    let name = String(parts.joined(separator: "_").drop { $0 == "_" })
    guard let first = name.first else { return "node" }
    return first.isNumber ? "n\(name)" : keywords.contains(name) ? "\(name)_" : name
  }

  /// A name for a class: `resnet20-fashion` is `Resnet20Fashion`.
  static func className(_ text: String) -> String {
    let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    guard let first = name.first, !keywords.contains(name) else { return "Network" }
    return first.isNumber ? "Network\(name)" : name
  }

  private static let keywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
  ]
}
