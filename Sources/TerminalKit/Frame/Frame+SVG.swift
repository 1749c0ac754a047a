extension Frame {
  /// The frame as a picture: an SVG document in the theme's colours; a cell is 9 wide and 17 high.
  ///
  /// What a theme leaves to the terminal is xterm's: grey on black, and its palette. The cursor is a reversed cell.
  /// Each text is told its length, so that columns are aligned in any font.
  public func svg(theme: Theme) -> String {
    var frame = self
    if let cursor { frame.restyle(cursor) { $0.attributes.formSymmetricDifference(.reverse) } }
    return SVGDrawing(frame, theme: theme).document
  }
}

/// A frame being drawn as SVG: backgrounds first, so that no glyph that is higher than its cell is cut.
private struct SVGDrawing {
  /// A style as it is painted.
  private struct Paint: Equatable {
    var text: RGB
    var background: RGB
    var attributes: Attributes
  }

  /// What the glyphs of one text have in common: those from other fonts than ASCII's are fitted apart.
  private struct Lettering: Equatable {
    let paint: Paint
    let isWide: Bool
    let isASCII: Bool
  }

  // Monospaced fonts are 0.6 of their size wide; their frames and blocks reach 1.16 from row to row.
  private let cellWidth = 9
  private let cellHeight = 17
  private let baseline = 14
  private let fontSize = 15
  private let frame: Frame
  private let theme: Theme
  private let paints: [Style: Paint]

  init(_ frame: Frame, theme: Theme) {
    self.frame = frame
    self.theme = theme
    let styles = Set(frame.cells.map(\.style)).union([.plain])
    paints = Dictionary(uniqueKeysWithValues: styles.map { ($0, Self.paint($0, theme)) })
  }

  var document: String {
    let (width, height) = (cellWidth * frame.size.width, cellHeight * frame.size.height)
    let head = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" xml:space="preserve" shape-rendering="crispEdges" \
      font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="\(fontSize)" \
      style="font-variant-ligatures:none">
      """
    let sheet = """
      <rect width="\(width)" height="\(height)" fill="\(hex(paint(.plain).background))"/>
      """
    return ([head, sheet] + backgrounds + texts + ["</svg>"]).joined(separator: "\n")
  }

  /// One rectangle a run of cells with another background than the sheet's.
  private var backgrounds: [String] {
    let sheet = paint(.plain).background
    return runs { paint($0.style).background }.compactMap { run, color in
      guard color != sheet else { return nil }
      return """
        <rect x="\(cellWidth * run.columns.lowerBound)" y="\(cellHeight * run.y)" \
        width="\(cellWidth * run.columns.count)" height="\(cellHeight)" fill="\(hex(color))"/>
        """
    }
  }

  /// One text a run of cells painted alike, unless there is nothing to be seen of it.
  private var texts: [String] {
    runs(sharing: lettering).compactMap { run, lettering in
      let start = run.y * frame.size.width
      let text = frame.cells[start + run.columns.lowerBound..<start + run.columns.upperBound]
        .map(\.text).joined()
      let attributes = lettering.paint.attributes
      guard attributes.contains(.underline) || text.contains(where: { $0 != " " })
      else { return nil }
      let looks: [(Attributes, String)] = [
        (.bold, #" font-weight="bold""#), (.italic, #" font-style="italic""#),
        (.underline, #" text-decoration="underline""#),
      ]
      let look = looks.filter { attributes.contains($0.0) }.map(\.1).joined()
      return """
        <text x="\(cellWidth * run.columns.lowerBound)" y="\(cellHeight * run.y + baseline)" \
        textLength="\(cellWidth * run.columns.count)" lengthAdjust="spacingAndGlyphs" \
        fill="\(hex(lettering.paint.text))"\(look)>\(escaped(text))</text>
        """
    }
  }

  private func lettering(_ cell: Cell) -> Lettering {
    Lettering(
      paint: paint(cell.style), isWide: cell.width != 1,
      isASCII: cell.width == 1 && cell.text.utf8.allSatisfy { $0 < 0x80 })
  }

  /// The cells of each row in runs that share something, from top to bottom.
  private func runs<Trait: Equatable>(
    sharing trait: (Cell) -> Trait
  ) -> [(FrameDiff.Run, Trait)] {
    let width = frame.size.width
    var runs: [(FrameDiff.Run, Trait)] = []
    for y in 0..<frame.size.height {
      var start = 0
      let traits = frame.cells[y * width..<(y + 1) * width].map(trait)
      for x in traits.indices where x + 1 == width || traits[x + 1] != traits[x] {
        runs.append((FrameDiff.Run(y: y, columns: start..<x + 1), traits[x]))
        start = x + 1
      }
    }
    return runs
  }

  private func paint(_ style: Style) -> Paint { paints[style] ?? Self.paint(style, theme) }

  private static func paint(_ style: Style, _ theme: Theme) -> Paint {
    let style = theme.resolve(style, depth: .truecolor)
    var paint = Paint(
      text: color(style.foreground, terminal: 7), background: color(style.background, terminal: 0),
      attributes: style.attributes)
    if style.attributes.contains(.reverse) { swap(&paint.text, &paint.background) }
    if style.attributes.contains(.dim) {
      paint.text = paint.text.mixed(with: paint.background, 0.4)
    }
    return paint
  }

  /// A colour as 24 bits; the terminal's own is the one at an index of xterm's palette.
  private static func color(_ color: ResolvedColor, terminal index: UInt8) -> RGB {
    switch color {
    case .terminal: XtermPalette.color(at: index)
    case .ansi(let index): XtermPalette.color(at: index)
    case .rgb(let color): color
    }
  }

  private func hex(_ color: RGB) -> String {
    let number = Int(color.red) << 16 | Int(color.green) << 8 | Int(color.blue)
    return "#" + String(number | 1 << 24, radix: 16).dropFirst()
  }

  /// Text as XML may hold it; two code points that are no characters may not be in it at all.
  private func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\u{FFFE}", "\u{FFFF}": "\u{FFFD}"
      default: String(scalar)
      }
    }.joined()
  }
}
