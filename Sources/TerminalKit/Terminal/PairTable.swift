/// Hands out the terminal's limited colour pairs to the combinations on screen.
///
/// A pair is held once for each cell that shows it and is only given away when no cell does, because
/// redefining a pair recolours every cell that has it.
package struct PairTable: Sendable {
  /// Foreground and background as ncurses numbers them, -1 for the terminal's own.
  package struct Colors: Hashable, Sendable {
    package var foreground: Int32
    package var background: Int32

    package init(foreground: Int32, background: Int32) {
      self.foreground = foreground
      self.background = background
    }

    package static let terminal = Colors(foreground: -1, background: -1)
  }

  private var pairs: [Colors: Int32] = [:]
  private var colors: [Colors?]
  private var uses: [Int]
  private var idle: [Int32] = []
  private let capacity: Int

  /// Makes a table for a terminal with that many pairs, pair 0, the terminal's own colours, included.
  package init(capacity: Int) {
    self.capacity = min(max(capacity, 1), Int(Int16.max))
    colors = [.terminal]
    uses = [0]
  }

  /// Holds the pair of those colours once more.
  ///
  /// The pair is new if it has to be defined first. If every pair is on screen, pair 0 is returned.
  package mutating func retain(_ wanted: Colors) -> (pair: Int32, isNew: Bool) {
    if wanted == .terminal { return (0, false) }
    if let pair = pairs[wanted] {
      uses[Int(pair)] += 1
      return (pair, false)
    }
    guard let pair = vacancy() else { return (0, false) }
    if let old = colors[Int(pair)] { pairs[old] = nil }
    pairs[wanted] = pair
    colors[Int(pair)] = wanted
    uses[Int(pair)] = 1
    return (pair, true)
  }

  /// Gives a pair back once.
  package mutating func release(_ pair: Int32) {
    guard pair > 0, Int(pair) < uses.count, uses[Int(pair)] > 0 else { return }
    uses[Int(pair)] -= 1
    if uses[Int(pair)] == 0 { idle.append(pair) }
  }

  private mutating func vacancy() -> Int32? {
    if colors.count < capacity {
      colors.append(nil)
      uses.append(0)
      return Int32(colors.count - 1)
    }
    while let pair = idle.popLast() {
      if uses[Int(pair)] == 0 { return pair }
    }
    return nil
  }
}
