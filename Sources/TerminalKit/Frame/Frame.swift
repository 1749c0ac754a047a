/// A screen as a value: a grid of cells, and where the cursor is.
///
/// Whatever is drawn at whatever position, only cells inside the frame and the current clip change.
public struct Frame: Hashable, Sendable {
  /// Columns and rows.
  public let size: Size
  /// Which characters may be drawn; in `.ascii` all others are replaced.
  public let glyphs: GlyphSet
  /// Where the terminal's cursor is shown; nil hides it.
  public var cursor: Point?
  /// The region outside which nothing is drawn.
  public private(set) var clip: Rect
  package private(set) var cells: [Cell]
  /// What clicks mean, the latest last.
  var clicks: [ClickArea] = []

  /// Makes an empty frame.
  public init(size: Size, glyphs: GlyphSet = .braille) {
    self.size = size
    self.glyphs = glyphs
    self.clip = Rect(size)
    self.cells = Array(repeating: .blank, count: size.width * size.height)
  }

  /// The whole frame as a region.
  public var bounds: Rect { Rect(size) }

  /// The cell at a position; nil outside the frame.
  public subscript(point: Point) -> Cell? {
    guard bounds.contains(point) else { return nil }
    return cells[point.y * size.width + point.x]
  }

  /// Draws with everything outside `rect` protected.
  public mutating func clipped(to rect: Rect, _ draw: (inout Frame) -> Void) {
    let outer = clip
    clip = outer.intersection(rect)
    draw(&self)
    clip = outer
  }

  /// Puts one cluster, and returns whether it was inside the clip.
  ///
  /// A wide character cut by the clip leaves a space; of one that is half overwritten the other half
  /// becomes a space.
  @discardableResult
  package mutating func set(_ cluster: TextCluster, at point: Point, style: Style) -> Bool {
    guard cluster.width > 1 else {
      guard clip.contains(point) else { return false }
      write(Cell(text: cluster.text, width: 1, style: style), at: point)
      return true
    }
    let right = Point(x: point.x + 1, y: point.y)
    guard clip.contains(point), clip.contains(right) else {
      let space = TextCluster(text: " ", width: 1)
      let drewLeft = set(space, at: point, style: style)
      return set(space, at: right, style: style) || drewLeft
    }
    write(Cell(text: cluster.text, width: 2, style: style), at: point)
    write(Cell(text: "", width: 0, style: style), at: right, continuing: true)
    return true
  }

  /// Changes the style of a cell, and of both halves of a wide one.
  package mutating func restyle(_ point: Point, _ change: (inout Style) -> Void) {
    guard clip.contains(point) else { return }
    let index = point.y * size.width + point.x
    change(&cells[index].style)
    if cells[index].width == 2 {
      cells[index + 1].style = cells[index].style
    } else if cells[index].width == 0 {
      cells[index - 1].style = cells[index].style
    }
  }

  private mutating func write(_ cell: Cell, at point: Point, continuing: Bool = false) {
    let index = point.y * size.width + point.x
    let old = cells[index]
    if old.width == 2 {
      cells[index + 1] = Cell(text: " ", width: 1, style: cells[index + 1].style)
    } else if old.width == 0, !continuing {
      cells[index - 1] = Cell(text: " ", width: 1, style: cells[index - 1].style)
    }
    cells[index] = cell
  }
}
