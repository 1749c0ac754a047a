/// The frame on the screen, and the colour pairs it holds.
struct ScreenState {
  /// A style as ncurses takes it.
  struct NativeStyle {
    var colors: PairTable.Colors
    var attributes: Attributes
  }

  static let replacement = Int32(UInt8(ascii: "?"))

  /// The frame on screen; empty if that is unknown.
  var shown = Frame(size: .zero)
  /// The scalars of the cell being drawn, ended by 0; kept to save an allocation a cell.
  private(set) var spelling: [Int32] = []

  private var pairs: PairTable
  private var held: [Int32] = []
  private var styles: [Style: NativeStyle] = [:]

  init(pairs: PairTable) {
    self.pairs = pairs
  }

  /// Nothing is known of the screen any more.
  mutating func forgetContent() {
    shown = Frame(size: .zero)
    for pair in held { pairs.release(pair) }
    held = []
  }

  /// The theme is another: everything must be drawn again.
  mutating func forgetStyles() {
    shown = Frame(size: .zero)
    styles = [:]
  }

  mutating func prepare(for size: Size) {
    let count = size.width * size.height
    if held.count != count { held = Array(repeating: 0, count: count) }
  }

  mutating func style(_ style: Style, theme: Theme, depth: ColorDepth) -> NativeStyle {
    if let known = styles[style] { return known }
    let resolved = theme.resolve(style, depth: depth)
    let native = NativeStyle(
      colors: PairTable.Colors(
        foreground: ColorNumber.of(resolved.foreground, depth: depth),
        background: ColorNumber.of(resolved.background, depth: depth)),
      attributes: resolved.attributes)
    styles[style] = native
    return native
  }

  /// Exchanges the pair that a cell holds.
  mutating func hold(_ colors: PairTable.Colors, at index: Int) -> (pair: Int32, isNew: Bool) {
    pairs.release(held[index])
    let result = pairs.retain(colors)
    held[index] = result.pair
    return result
  }

  /// Writes a cell's scalars into `spelling`.
  ///
  /// `?` stands for what the C library does not know or takes for another width than the frame does: the
  /// screen would be torn otherwise.
  mutating func spell(_ cell: Cell, width: (Int32) -> Int32) {
    spelling.removeAll(keepingCapacity: true)
    for scalar in cell.text.unicodeScalars {
      let value = Int32(bitPattern: scalar.value)
      let expected = spelling.isEmpty ? Int32(cell.width) : 0
      if scalar.isASCII || width(value) == expected {
        spelling.append(value)
      } else if spelling.isEmpty {
        spelling.append(ScreenState.replacement)
      }
    }
    spelling.append(0)
  }
}
