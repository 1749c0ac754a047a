/// One position of a frame: a character with its marks, and a style.
///
/// A wide character owns two cells: its own, of width 2, and a continuation of width 0 to its right.
public struct Cell: Hashable, Sendable {
  /// The character that is shown; empty in the continuation of a wide one.
  public let text: String
  /// Columns: 1, 2, or 0 for a continuation.
  public let width: Int
  /// How it looks.
  public var style: Style

  package init(text: String, width: Int, style: Style) {
    self.text = text
    self.width = width
    self.style = style
  }

  /// An empty cell in the default style.
  public static let blank = Cell(text: " ", width: 1, style: .plain)
}
