/// A piece of text in one style; a line is a list of them.
public struct Span: Hashable, Sendable {
  /// The text.
  public var text: String
  /// How it looks.
  public var style: Style

  /// Makes a piece of text.
  public init(_ text: String, _ style: Style = .plain) {
    self.text = text
    self.style = style
  }
}

extension [Span] {
  /// How many terminal columns the pieces take together.
  public var displayWidth: Int { reduce(0) { $0 + $1.text.displayWidth } }
}
