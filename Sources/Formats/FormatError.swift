/// A file that cannot be read or written: which one, what is wrong with it, what to do.
public struct FormatError: Error, Hashable, CustomStringConvertible {
  /// The path as it was given or resolved.
  public let file: String
  /// The fault, and its place in the file.
  public let problem: String
  /// The remedy.
  public let remedy: String

  package init(_ file: String, _ problem: String, remedy: String) {
    self.file = file
    self.problem = problem
    self.remedy = remedy
  }

  /// One line for the user, free of control characters whatever the file holds.
  public var description: String {
    "\(file): \(problem); \(remedy)".printable(limit: 600)
  }
}

extension String {
  /// The text in quotes, shortened: names in hostile files can be as long as the file.
  package var quoted: String { "'\(printable(limit: 80))'" }

  /// The text with everything that could steer a terminal escaped: `\u{1B}`.
  package var printable: String {
    if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
    var result = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default:
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// At most `limit` characters of the text, made printable.
  fileprivate func printable(limit: Int) -> String {
    let start = String(String.UnicodeScalarView(unicodeScalars.prefix(limit))).printable
    return unicodeScalars.dropFirst(limit).isEmpty ? start : start + "…"
  }
}
