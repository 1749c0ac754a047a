extension Unicode.Scalar {
  /// How many terminal columns the scalar takes: 0, 1 or 2.
  ///
  /// This is a table of its own, not the C library's `wcwidth`, so that layout is the same in every
  /// locale: East Asian wide and full-width characters and emoji take 2, marks and formatting 0.
  package var columns: Int {
    if value < 0x300 { return value == 0xAD || value >= 0x20 ? 1 : 0 }
    // Lines, blocks and Braille, which screens are full of; the properties are slow to look up.
    if (0x2500...0x259F).contains(value) || (0x2800...0x28FF).contains(value) { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator,
      .surrogate:
      return 0
    default: break
    }
    if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
    return isWide ? 2 : 1
  }

  private var isWide: Bool {
    switch value {
    case ..<0x1100: false
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
      0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF,
      0x20000...0x3FFFD:
      true
    default: properties.isEmojiPresentation && !isRegionalIndicator
    }
  }

  package var isRegionalIndicator: Bool { (0x1F1E6...0x1F1FF).contains(value) }
}
