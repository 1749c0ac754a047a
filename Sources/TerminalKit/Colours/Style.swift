/// How a cell looks: two colours and attributes.
public struct Style: Hashable, Sendable {
  /// The colour of the character.
  public var foreground: Color
  /// The colour behind it.
  public var background: Color
  /// Bold, dim, reverse, underline, italic.
  public var attributes: Attributes

  /// Makes a style; left out, everything is the theme's default.
  public init(
    _ foreground: Color = .terminalDefault, on background: Color = .terminalDefault,
    _ attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// Makes a style from a role of the theme.
  public init(_ role: Role, _ attributes: Attributes = []) {
    self.init(.palette(role), attributes)
  }

  private init(_ foreground: Color, _ attributes: Attributes) {
    self.init(foreground, on: .terminalDefault, attributes)
  }

  /// The theme's default.
  public static let plain = Style()
  /// Less important text.
  public static let muted = Style(.muted)
  /// Emphasis.
  public static let accent = Style(.accent, .bold)
  /// Lines of boxes and axes.
  public static let border = Style(.border)
  /// Titles of panes.
  public static let title = Style(.title, .bold)
  /// The selected row.
  public static let selected = Style(.terminalDefault, on: .palette(.selection))

  /// The same style on another background.
  public func on(_ background: Color) -> Style {
    Style(foreground, on: background, attributes)
  }

  /// The same style with more attributes.
  public func adding(_ more: Attributes) -> Style {
    Style(foreground, on: background, attributes.union(more))
  }
}
