/// Which rows of a long list are shown.
public enum ListScroll {
  /// The first row to show so that the selected one is visible.
  ///
  /// The list moves as little as possible from `offset`, keeps `margin` rows visible beyond the selection where
  /// there are any, and leaves no empty rows at its end.
  public static func offset(
    _ offset: Int, selected: Int, count: Int, visible: Int, margin: Int = 0
  ) -> Int {
    guard count > visible, visible > 0 else { return 0 }
    let selected = min(max(selected, 0), count - 1)
    let margin = min(max(margin, 0), (visible - 1) / 2)
    let lowest = min(max(selected - visible + 1 + margin, 0), count - visible)
    let highest = max(min(selected - margin, count - visible), 0)
    return min(max(offset, lowest), max(lowest, highest))
  }
}
