/// The role of a colour. Views name roles; the theme says which colour that is.
public enum Role: String, Hashable, Sendable, CaseIterable {
  /// Ordinary text.
  case text
  /// The background.
  case background
  /// Less important text.
  case muted
  /// Emphasis: keys, the current value.
  case accent
  /// Lines of boxes and axes.
  case border
  /// Titles of panes.
  case title
  /// The background of the selected row.
  case selection
  /// Better than before, within the target.
  case good
  /// Near a limit.
  case warning
  /// Worse than allowed, failed.
  case bad
  /// The first line of a plot.
  case series1
  /// The second line of a plot.
  case series2
  /// The third line of a plot.
  case series3
  /// The fourth line of a plot.
  case series4
}
