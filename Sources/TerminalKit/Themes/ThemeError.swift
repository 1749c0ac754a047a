/// Why a theme could not be read: one line with the file, the place and the remedy.
public enum ThemeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text is not YAML.
  case syntax(theme: String, line: Int, problem: String)
  /// A colour that base16 needs is missing.
  case missing(theme: String, key: String)
  /// A colour is not six hexadecimal digits.
  case badColor(theme: String, key: String, value: String)
  /// The file is far larger than a theme.
  case tooLarge(theme: String, bytes: Int)
  /// The file cannot be read.
  case unreadable(path: String)
  /// No such theme.
  case unknown(name: String, known: [String])

  /// One line, fit to be shown to the user.
  public var description: String {
    switch self {
    case .syntax(let theme, let line, let problem):
      "theme \(theme): line \(line): \(problem)"
    case .missing(let theme, let key):
      "theme \(theme): \(key) is missing: a base16 scheme has base00 to base0F"
    case .badColor(let theme, let key, let value):
      "theme \(theme): \(key) is “\(value)”: write six hexadecimal digits, such as \"a0b1c2\""
    case .tooLarge(let theme, let bytes):
      "theme \(theme): \(bytes) bytes is too much for a theme"
    case .unreadable(let path):
      "theme file \(path) cannot be read"
    case .unknown(let name, let known):
      "no theme “\(name)”: there are \(known.joined(separator: ", "))"
    }
  }
}
