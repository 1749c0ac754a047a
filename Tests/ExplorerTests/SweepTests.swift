import Engine
import Explorer
import Metrics
import Patterns
import Search
import TerminalKit
import Testing

/// The planner's front from small to large targets.
struct SweepTests {
  private let size = Size(width: 120, height: 40)

  /// A state that knows the losses of choices.
  private func known() throws -> ExplorerState {
    var state = try Fixtures.searched()
    let losses = state.model.space.units.map { $0.menu.map { $0 == .dense ? 0 : Float(0.25) } }
    state.take([.search(.sensitivity(Sensitivity(losses: ChoiceTable(rows: losses))))])
    return state
  }

  private func swept(_ state: inout ExplorerState, left: Int = 0) throws {
    for (number, share) in [0.25, 0.5, 0.75].enumerated() {
      let step = Fixtures.step(number: 90 + number, in: state)
      state.take([.search(.swept(Target(share), step, left: left + 2 - number))])
    }
  }

  @Test func oneKeyBeginsItAndStopsIt() throws {
    var state = try known()
    let targets = (5...15).map { Target(Double($0) * 0.05) }
    let effects = state.press("v")
    guard case .sweep(let asked)? = effects.first else { throw Missing(name: "a sweep") }
    #expect(zip(asked, targets).allSatisfy { abs($0.share - $1.share) < 1e-9 })
    #expect(asked.count == 11 && state.screen.focus == .pareto)
    try swept(&state, left: 8)
    let text = view(state, size: size).text
    #expect(text.contains("sweep 3/11") && text.contains("□ planned 3"))
    #expect(state.press("esc") == [.sweep([])])
    // What was under way comes too late.
    state.take([.search(.swept(Target(0.4), Fixtures.step(number: 99, in: state), left: 3))])
    #expect(state.run.sweep?.points.count == 3)
    #expect(state.press("v").first != .sweep([]))
    #expect(state.press("v").first == .sweep([]))
  }

  @Test func aPointIsChosenAsTheTarget() throws {
    var state = try known()
    state.press("v")
    try swept(&state)
    let point = try #require(state.run.sweep?.points.first)
    for _ in 0..<40 where state.run.viewing != .swept(point.target) { state.press("left") }
    if state.run.viewing != .swept(point.target) {
      for _ in 0..<40 where state.run.viewing != .swept(point.target) { state.press("right") }
    }
    #expect(state.run.shown == point.step.strategy)
    #expect(view(state, size: size).text.contains("□ SWEPT"))
    #expect(state.press("enter").first == .steer(Aim(Target(0.25))))
    #expect(state.run.aim.target == point.target)
    state.press("z")
    #expect(state.run.aim.target == Target(0.5))
  }

  @Test func itNeedsTheLossesOfChoices() throws {
    var state = try Fixtures.searched()
    #expect(state.press("v").isEmpty)
    #expect(state.screen.notice?.text.contains("losses of choices are not known yet") == true)
  }

  @Test func measuredTimesLieBesideThePredictedOnes() throws {
    var state = try Fixtures.searched()
    state.take([.search(.latencies(Fixtures.latencies(of: state.model.space)))])
    let strategy = state.run.history.episodes[2].best.strategy
    let comparison = LatencyComparison.fixture(ratio: 0.6)
    state.take([.search(.timed(strategy, comparison))])
    state.press("4 +")
    let text = view(state, size: size).text
    #expect(text.contains("time measured over predicted") && text.contains("off by"))
  }
}

extension LatencyComparison {
  /// One of a model that takes that share of the dense one's time.
  fileprivate static func fixture(ratio: Double) -> LatencyComparison {
    LatencyComparison(dense: Timings([1]), pruned: Timings([ratio]), ratio: Timings([ratio]))
  }
}
