import TestSupport

extension SplitMix {
  /// Text of ASCII, wide characters, marks, emoji and controls.
  mutating func text(_ length: Int) -> String {
    let pieces = [
      "a", "conv", " ", "漢", "e\u{301}", "🎉", "👩‍👧", "🇫🇷", "\u{1B}", "\n", "\u{301}", "─", "⠿",
    ]
    return (0..<length).compactMap { _ in pieces.randomElement(using: &self) }.joined()
  }

  mutating func values(_ count: Int) -> [Double] {
    let odd = [Double.nan, .infinity, -.infinity, 0, -0.0, 1e308, -1e308, .leastNonzeroMagnitude]
    return (0..<count).map { _ in
      Int.random(in: 0..<8, using: &self) == 0
        ? odd.randomElement(using: &self) ?? 0 : Double.random(in: -2...2, using: &self)
    }
  }
}
