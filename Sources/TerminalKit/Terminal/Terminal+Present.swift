internal import CNcurses

extension Terminal {
  /// Shows a frame; only cells that changed since the last one are written.
  ///
  /// A frame of another size than the screen is cut or filled up. A frame like the last one costs no output.
  public func present(_ frame: Frame) {
    guard isOpen else { return }
    let frame = frame.resized(to: size)
    let diff = FrameDiff(from: screen.shown, to: frame)
    guard !diff.isEmpty || frame.cursor != screen.shown.cursor else { return }
    send(ControlSequences.beginUpdate)
    screen.prepare(for: size)
    for run in diff.runs {
      for x in run.columns {
        draw(frame.cells[run.y * size.width + x], at: Point(x: x, y: run.y))
      }
    }
    let cursor = frame.cursor ?? .zero
    cn_cursor(frame.cursor != nil, Int32(cursor.y), Int32(cursor.x))
    cn_update()
    send(ControlSequences.endUpdate)
    screen.shown = frame
  }

  private func draw(_ cell: Cell, at point: Point) {
    let style = screen.style(cell.style, theme: theme, depth: depth)
    let (pair, isNew) = screen.hold(style.colors, at: point.y * size.width + point.x)
    if isNew { cn_define_pair(pair, style.colors.foreground, style.colors.background) }
    guard cell.width > 0 else { return }
    screen.spell(cell) { cn_width($0) }
    let attributes = Terminal.attributes(style.attributes)
    cn_put(Int32(point.y), Int32(point.x), screen.spelling, attributes, pair)
    if cell.width == 2, screen.spelling.first == ScreenState.replacement {
      cn_put(Int32(point.y), Int32(point.x + 1), [32, 0], attributes, pair)
    }
  }

  private static func attributes(_ attributes: Attributes) -> attr_t {
    let bits: [(Attributes, attr_t)] = [
      (.bold, cn_bold), (.dim, cn_dim), (.reverse, cn_reverse), (.underline, cn_underline),
      (.italic, cn_italic),
    ]
    return bits.reduce(0) { attributes.contains($1.0) ? $0 | $1.1 : $0 }
  }
}
