/// A small seeded generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

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
