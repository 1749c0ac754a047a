/// A colour after the theme has been applied.
public enum ResolvedColor: Hashable, Sendable {
  /// The terminal's own foreground or background.
  case terminal
  /// One of the terminal's own colours by index.
  case ansi(UInt8)
  /// A colour of 24 bits.
  case rgb(RGB)

  /// The colour that a terminal of that depth can show of it: nil is the terminal's own, else a colour.
  ///
  /// Indices are returned below 24 bits; with 24 bits RGB stays as it is.
  package func reduced(to depth: ColorDepth) -> ResolvedColor {
    switch (self, depth) {
    case (.terminal, _), (_, .mono): .terminal
    case (.ansi(let index), .ansi8): .ansi(index < 16 ? index & 7 : nearest(index, of: 8))
    case (.ansi(let index), .ansi16): .ansi(index < 16 ? index : nearest(index, of: 16))
    case (.ansi, _): self
    case (.rgb(let color), .ansi8): .ansi(XtermPalette.nearest(color, of: 8))
    case (.rgb(let color), .ansi16): .ansi(XtermPalette.nearest(color, of: 16))
    case (.rgb(let color), .indexed256): .ansi(XtermPalette.nearest256(color))
    case (.rgb, .truecolor): self
    }
  }

  private func nearest(_ index: UInt8, of count: Int) -> UInt8 {
    XtermPalette.nearest(XtermPalette.color(at: index), of: count)
  }
}
