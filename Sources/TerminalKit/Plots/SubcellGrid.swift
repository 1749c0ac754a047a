/// A grid of points finer than cells: 2 x 4 a cell in braille, 2 x 2 in blocks, 1 x 2 in ASCII.
struct SubcellGrid {
  /// Points from left to right.
  let width: Int
  /// Points from top to bottom.
  let height: Int

  private let size: Size
  private let glyphs: GlyphSet
  private let columns: Int
  private let rows: Int
  private var masks: [UInt8]
  private var styles: [Style]

  init(size: Size, glyphs: GlyphSet) {
    self.size = size
    self.glyphs = glyphs
    (columns, rows) =
      switch glyphs {
      case .braille: (2, 4)
      case .blocks: (2, 2)
      case .ascii: (1, 2)
      }
    width = size.width * columns
    height = size.height * rows
    masks = Array(repeating: 0, count: size.width * size.height)
    styles = Array(repeating: .plain, count: masks.count)
  }

  /// Sets a point; of two styles in one cell the later one wins.
  mutating func set(x: Int, y: Int, style: Style) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    let index = (y / rows) * size.width + x / columns
    masks[index] |= 1 << UInt8((y % rows) * columns + x % columns)
    styles[index] = style
  }

  /// Sets the points of a straight line between two points of the grid (Bresenham).
  mutating func line(from: Point, to: Point, style: Style) {
    let (dx, dy) = (abs(to.x - from.x), -abs(to.y - from.y))
    let (stepX, stepY) = (from.x < to.x ? 1 : -1, from.y < to.y ? 1 : -1)
    var (x, y, error) = (from.x, from.y, dx + dy)
    while true {
      set(x: x, y: y, style: style)
      if x == to.x, y == to.y { return }
      let twice = 2 * error
      if twice >= dy {
        error += dy
        x += stepX
      }
      if twice <= dx {
        error += dx
        y += stepY
      }
    }
  }

  /// Draws the cells that have points.
  func draw(on frame: inout Frame, at origin: Point) {
    for (index, mask) in masks.enumerated() where mask != 0 {
      let (row, column) = (index / size.width, index % size.width)
      let glyph = SubcellGrid.glyph(mask: mask, glyphs: glyphs)
      frame.put(glyph, at: Point(x: origin.x + column, y: origin.y + row), style: styles[index])
    }
  }

  private static func glyph(mask: UInt8, glyphs: GlyphSet) -> String {
    switch glyphs {
    case .braille: Braille.character(mask: mask)
    case .blocks: quarters[Int(mask & 15)]
    case .ascii: mask == 1 ? "'" : mask == 2 ? "." : ":"
    }
  }

  private static let quarters = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█".map(String.init)
}
