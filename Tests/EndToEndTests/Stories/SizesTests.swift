import PseudoTerminal
import Testing

/// Windows of every size.
@Suite struct SizesTests {
  private static let panes = ["1 LAYERS", "2 SCORE", "3 DETAIL", "4 PARETO", "q quit"]

  @Test func largeWindowsShowMore() throws {
    let user = try Home().opensSmallModel(columns: 200, rows: 60)
    for pane in Self.panes + ["STEPS", "MACS KEPT"] { try user.sees(pane) }
    for (columns, rows) in [(120, 40), (80, 24)] {
      user.resizes(columns: columns, rows: rows)
      if columns == 80 { try user.seesNoMore("MACS KEPT") }
      for pane in Self.panes { try user.sees(pane) }
    }
    try user.leaves()
  }

  @Test func itLivesThroughEverySizeAndIsWholeAgain() throws {
    let home = try Home()
    let user = try home.opensSmallModel()
    try user.seesItLoaded()
    user.presses("n")
    try user.sees("ep 1 ● LIVE")
    try user.seesItAtRest()
    try user.selects("conv1")
    // Its hint is not shown any more after that.
    user.presses("?")
    try user.sees("─ Keys")
    user.presses(.escape)
    try user.seesNoMore("─ Keys")
    try user.seesNothingHappen()
    let before = user.screen.lines
    for (columns, rows) in [
      (120, 40), (40, 12), (20, 5), (79, 23), (10, 3), (200, 2), (2, 60), (2, 2), (1, 1), (3, 1),
      (1, 9), (1, 1),
    ] {
      user.resizes(columns: columns, rows: rows)
      user.presses("j", "?", "G", "k", "k", "g")
    }
    user.resizes(columns: 80, rows: 24)
    try user.sees("q quit|any other key closes")
    if try user.glances(for: "any other key closes") != nil { user.presses(.escape) }
    for pane in Self.panes { try user.sees(pane) }
    try user.selects("conv1")
    try user.waits(for: "the screen as it was") { $0.lines == before }
    try user.leaves()
  }
}
