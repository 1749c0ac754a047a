/// Colours as ncurses numbers them.
enum ColorNumber {
  /// -1 for the terminal's own, an index, or 0xRRGGBB on a terminal with 24 bits.
  ///
  /// There the first eight numbers are the terminal's own palette, so almost-black RGB is made a shade lighter
  /// and the indices from 8 on are sent as xterm's RGB.
  static func of(_ color: ResolvedColor, depth: ColorDepth) -> Int32 {
    switch color {
    case .terminal: return -1
    case .ansi(let index) where depth < .truecolor || index < 8: return Int32(index)
    case .ansi(let index): return of(.rgb(XtermPalette.color(at: index)), depth: depth)
    case .rgb(let color):
      let number = Int32(color.red) << 16 | Int32(color.green) << 8 | Int32(color.blue)
      return number < 8 ? 0x010101 : number
    }
  }
}
