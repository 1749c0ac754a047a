import Testing

/// Answers of the keyboard in the middle of everything else.
@Suite struct SteeringTests {
  private let home: Home
  private let user: User

  init() throws {
    home = try Home()
    user = try home.opensSmallModel(steps: 2, columns: 120, rows: 40)
    try user.seesItLoaded()
  }

  @Test func TAndWSteerASearchUnderWay() throws {
    try user.searches(episodes: 1)
    user.presses("T")
    user.replaces(with: "35")
    try user.sees("target, % of the MACs: 35")
    user.presses(.enter)
    try user.sees("aims at 35 % of the MACs", "MACs 3[0-5]\\.[0-9] / 35 %", "▶ searching")
    user.presses("w")
    user.replaces(with: "2.5")
    user.presses(.enter)
    try user.sees("an excess weighs 2.50", "w 2.50=")
    user.presses("p")
    try user.seesNoMore("▶ searching")
    user.presses("T")
    user.replaces(with: "350")
    user.presses(.enter)
    try user.sees("is no share")
    user.presses(.escape)
    try user.seesNoMore("target, %")

    user.presses("a")
    try user.sees("Actions so far", "the search aims at 35 %")
    user.presses(.escape)
    try user.seesNoMore("Actions so far")
    try user.leaves()
  }

  @Test func theTargetIsTurnedToLatencyAndBack() throws {
    try user.sees(#" [0-9]+\.[0-9]x"#)
    user.presses("T", .tab)
    try user.sees("target, % of the latency")
    user.replaces(with: "60")
    user.presses(.enter)
    try user.sees("aims at 60 % of the latency", "PARETO acc/latency")
    user.presses("n")
    try user.sees("ep 1 ● LIVE", #"time ([1-5][0-9]|60)\.[0-9] / 60 %"#)
    user.presses("T", .tab)
    try user.sees("target, % of the MACs")
    user.replaces(with: "35")
    user.presses(.enter)
    try user.sees("PARETO acc/MACs")
    try user.leaves()
  }

  @Test func whatDiffersFromAnotherEpisodeIsShown() throws {
    try user.searches(episodes: 3)
    user.presses("p")
    try user.seesNoMore("▶ searching")
    user.presses("[")
    try user.sees("○ PAST")
    user.presses("c", "[")
    try user.sees("[1-9][0-9]* ≠ ep [0-9]+", "≠ was")
    user.presses("D")
    try user.sees("Side by side", "speed, predicted.*x")
    user.presses(.escape)
    try user.seesNoMore("Side by side")
    user.presses("d")
    try user.seesNoMore("≠")
    try user.leaves()
  }

  @Test func manyArePinnedAtOnceAndUndoneAsOne() throws {
    user.presses("n")
    try user.sees("ep 1 ● LIVE")
    user.presses("g", "j", "j", "P")
    try user.sees("Pin as shown")
    user.presses("G", .enter)
    try user.sees("[0-9]+ ⚑")
    user.presses("z")
    try user.sees("undone: pin")
    try user.leaves()
  }

  @Test func theNextTimeKnowsOfTheLast() throws {
    user.presses("n")
    try user.sees("ep 1 ● LIVE")
    user.presses("t")
    try user.sees("─ Theme")
    user.presses("j", "j", .enter)
    let theme = try user.reads("theme [a-z-]+").dropFirst("theme ".count)
    try user.leaves()

    let later = try home.opensSmallModel(steps: 2)
    try later.seesItLoaded()
    later.presses("t")
    try later.sees("\(theme) +now")
    later.presses(.escape)
    try later.seesNoMore("─ Theme")

    try later.sees("earlier")
    later.presses("R")
    try later.sees("─ Runs", "MACs 50")
    later.presses(.enter)
    try later.sees("ep [1-9][0-9]* ● LIVE")
    try later.leaves()
  }
}
