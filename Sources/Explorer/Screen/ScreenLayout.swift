internal import TerminalKit

/// The places of everything on a screen.
struct ScreenLayout {
  private let focus: Pane
  /// Gauges; empty on very low screens.
  let header: Rect
  /// The line about what happened last.
  let status: Rect
  /// Keys.
  let footer: Rect
  /// The inside of each pane on screen.
  private(set) var panes: [Pane: Rect] = [:]
  /// The line above each pane.
  private(set) var titles: [Pane: Rect] = [:]
  /// The inside of each extra on screen.
  private(set) var extras: [Extra: Rect] = [:]
  /// The line above each extra.
  private(set) var extraTitles: [Extra: Rect] = [:]
  /// Lines between columns.
  private(set) var separators: [Rect] = []

  /// From this size on all panes are shown, below it one at a time.
  static let full = Size(width: 80, height: 24)

  init(_ screen: ScreenState) {
    let size = screen.size
    focus = screen.focus
    var rest = Rect(size)
    (header, rest) = rest.splitTop(size.height >= 4 ? 1 : 0)
    (rest, footer) = rest.splitBottom(size.height >= 6 ? 1 : 0)
    (rest, status) = rest.splitBottom(size.height >= 3 ? 1 : 0)
    guard size.width >= Self.full.width, size.height >= Self.full.height, !screen.isZoomed else {
      if screen.focus == .score, rest.height >= 27 {
        arrangeCurves(rest)
      } else {
        add(screen.focus, in: rest, hasTitle: rest.height >= 3)
      }
      return
    }
    if size.width >= 150, size.height >= 36 {
      arrangeInThree(rest)
    } else {
      arrangeInTwo(rest)
    }
  }

  private mutating func arrangeInTwo(_ rest: Rect) {
    let (left, right) = divide(rest, at: min(rest.width * 5 / 8 + 1, 84))
    add(.layers, in: left)
    let detailHeight = rest.height >= 34 ? 12 : 9
    let above = (rest.height - detailHeight) / 2
    let (top, below) = right.splitTop(max(6, above))
    let (middle, bottom) = below.splitTop(detailHeight)
    add(.score, in: top)
    add(.detail, in: middle)
    // Where there is room for one of them, it is the one with the keyboard.
    add([.steps, .log].contains(focus) ? focus : .pareto, in: bottom)
  }

  private mutating func arrangeInThree(_ rest: Rect) {
    let (left, others) = divide(rest, at: min(84, rest.width * 2 / 5))
    let (middle, right) = divide(others, at: others.width / 2)
    add(.layers, in: left)
    let (detail, lists) = middle.splitTop(max(18, rest.height / 2))
    add(.detail, in: detail)
    let (steps, log) = lists.splitTop(lists.height * 3 / 5)
    add(Pane.steps, in: steps)
    add(Pane.log, in: log)
    let rows = right.rows(weights: [3, 3, 2, 2])
    add(.score, in: rows[0])
    add(.pareto, in: rows[1])
    add(.macs, in: rows[2])
    add(.latency, in: rows[3])
  }

  /// The curves over the episodes, one below the other.
  private mutating func arrangeCurves(_ rest: Rect) {
    let rows = rest.rows(weights: [2, 1, 1])
    add(.score, in: rows[0])
    add(.macs, in: rows[1])
    add(.latency, in: rows[2])
  }

  private mutating func add(_ extra: Extra, in rect: Rect) {
    (extraTitles[extra], extras[extra]) = rect.splitTop(1)
  }

  private mutating func divide(_ rect: Rect, at column: Int) -> (Rect, Rect) {
    let (left, rest) = rect.splitLeft(column)
    let (line, right) = rest.splitLeft(1)
    separators.append(line)
    return (left, right)
  }

  private mutating func add(_ pane: Pane, in rect: Rect, hasTitle: Bool = true) {
    (titles[pane], panes[pane]) = rect.splitTop(hasTitle ? 1 : 0)
  }

  /// The panes that have no room beside the others; none where there is one pane at a time anyhow.
  var hidden: [Pane] { panes.count > 1 ? Pane.allCases.filter { panes[$0] == nil } : [] }

  /// Every line above a pane.
  private var rules: [Rect] { Array(titles.values) + Array(extraTitles.values) }

  /// Draws the lines between columns, joined to those above panes.
  func drawSeparators(on frame: inout Frame) {
    let box = frame.glyphs.box
    for line in separators {
      frame.verticalLine(at: line.origin, length: line.height)
      for y in line.y..<line.maxY {
        let left = rules.contains { $0.y == y && $0.maxX == line.x && !$0.isEmpty }
        let right = rules.contains { $0.y == y && $0.x == line.maxX && !$0.isEmpty }
        let glyph: String? =
          switch (left, right, y == line.y) {
          case (_, _, true): box.teeDown
          case (true, true, _): box.cross
          case (true, false, _): box.teeLeft
          case (false, true, _): box.teeRight
          case (false, false, _): nil
          }
        if let glyph { frame.put(glyph, at: Point(x: line.x, y: y), style: .border) }
      }
    }
  }
}
