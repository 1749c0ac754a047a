/// The columns of the graph pane; narrow panes lose the bar, then the channels, then the name's end.
struct LayerColumns {
  let name: Range<Int>
  let channels: Range<Int>
  let glyph: Range<Int>
  let pattern: Range<Int>
  let flag: Range<Int>
  let bar: Range<Int>
  let percent: Range<Int>

  /// - Parameter leastBar: columns that the bar has even if names are cut for it.
  init(width: Int, railWidth: Int, names: Int, glyphWidth: Int, leastBar: Int = 0) {
    let start = min(width, 1 + railWidth + 1)
    var room = width - start
    func take(_ columns: Int, leaving least: Int) -> Int {
      guard room - columns >= least else { return 0 }
      room -= columns
      return columns
    }
    // In the order of what matters most; the name keeps at least ten columns.
    let percent = take(5, leaving: 6)
    let pattern = take(11, leaving: 10)
    let flag = take(2, leaving: 10)
    let glyph = take(glyphWidth + 1, leaving: 10)
    let channels = take(room > 26 ? 8 : 6, leaving: 10)
    let name = max(min(max(names + 1, 10), room - leastBar), min(10, room))
    let bar = room - name >= 3 ? min(room - name, 40) : 0
    var x = start
    func place(_ columns: Int, gap: Int = 1) -> Range<Int> {
      defer { x += columns }
      return x..<max(x, x + columns - gap)
    }
    self.name = place(room - bar)
    self.channels = place(channels)
    self.glyph = place(glyph)
    self.pattern = place(pattern)
    self.flag = place(flag)
    self.bar = place(bar, gap: 0)
    self.percent = place(percent, gap: 0)
  }
}
