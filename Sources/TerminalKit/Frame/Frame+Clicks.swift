/// What a click on a part of a frame means.
public enum Click: Hashable, Sendable {
  /// The same as a key.
  case key(Key)
  /// The row of the list that has the keyboard, from 0.
  case row(Int)
}

extension Frame {
  /// Says what a click on a region means, over what was said of it before.
  public mutating func click(_ rect: Rect, _ meaning: Click) {
    let area = rect.intersection(clip)
    if !area.isEmpty { clicks.append(ClickArea(rect: area, meaning: meaning)) }
  }

  /// Says that clicks on a region mean nothing, whatever was said of it before.
  public mutating func ignoreClicks(_ rect: Rect) {
    let area = rect.intersection(clip)
    if !area.isEmpty { clicks.append(ClickArea(rect: area, meaning: nil)) }
  }

  /// What a click at a position means; nil for nothing.
  public func click(at point: Point) -> Click? {
    clicks.last { $0.rect.contains(point) }?.meaning
  }
}

/// A region of a frame and what a click on it means.
struct ClickArea: Hashable, Sendable {
  let rect: Rect
  let meaning: Click?
}
