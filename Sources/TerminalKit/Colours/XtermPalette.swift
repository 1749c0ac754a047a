/// xterm's 256 colours and the nearest of them to any other.
package enum XtermPalette {
  /// The first 16 as xterm has them; terminals differ, so they are only a guess.
  package static let ansi: [RGB] = [
    RGB(0, 0, 0), RGB(205, 0, 0), RGB(0, 205, 0), RGB(205, 205, 0), RGB(0, 0, 238),
    RGB(205, 0, 205), RGB(0, 205, 205), RGB(229, 229, 229), RGB(127, 127, 127), RGB(255, 0, 0),
    RGB(0, 255, 0), RGB(255, 255, 0), RGB(92, 92, 255), RGB(255, 0, 255), RGB(0, 255, 255),
    RGB(255, 255, 255),
  ]

  private static let levels: [UInt8] = [0, 95, 135, 175, 215, 255]

  /// The colour at an index, 0...255.
  package static func color(at index: UInt8) -> RGB {
    switch index {
    case ..<16: return ansi[Int(index)]
    case ..<232:
      let cube = Int(index) - 16
      return RGB(levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
    default:
      let grey = 8 + 10 * (index - 232)
      return RGB(grey, grey, grey)
    }
  }

  /// The index, 16...255, of the colour nearest to another: from the cube or the greys.
  package static func nearest256(_ color: RGB) -> UInt8 {
    func level(_ part: UInt8) -> Int {
      levels.indices.min { abs(Int(levels[$0]) - Int(part)) < abs(Int(levels[$1]) - Int(part)) }
        ?? 0
    }
    let cube = UInt8(16 + 36 * level(color.red) + 6 * level(color.green) + level(color.blue))
    let mean = (Int(color.red) + Int(color.green) + Int(color.blue)) / 3
    let grey = UInt8(232 + min(max((mean - 3) / 10, 0), 23))
    return self.color(at: grey).distance(to: color) < self.color(at: cube).distance(to: color)
      ? grey : cube
  }

  /// The index of the nearest among the first `count` (8 or 16).
  package static func nearest(_ color: RGB, of count: Int) -> UInt8 {
    let candidates = ansi.indices.prefix(count)
    return UInt8(
      candidates.min { ansi[$0].distance(to: color) < ansi[$1].distance(to: color) } ?? 0)
  }
}
