import Engine
import Explorer
import Metrics
import ModelGraph
import Patterns
import Search
import TerminalKit
import Testing

/// What a user changes while a search is under way, and what is remembered of it.
struct SteeringTests {
  @Test func theTargetIsChangedLive() throws {
    var state = try Fixtures.searched()
    state.press("T ^u 3 5")
    #expect(state.press("enter") == [.steer(target: Target(0.35), multiplier: nil)])
    #expect(state.settings.target == Target(0.35))
    #expect(state.overlay == nil)
    #expect(state.notice?.text == "the search aims at 35 % of the MACs from now on")
  }

  @Test func theTargetIsTurnedToLatency() throws {
    var state = try Fixtures.searched()
    // Choices were not timed yet: there is nothing to turn to.
    #expect(state.press("T tab ^u 4 0 enter") == [.steer(target: Target(0.4), multiplier: nil)])
    state.take([.latencies(Fixtures.latencies(of: state.space))])
    let target = Target(0.7, of: .latency)
    #expect(state.press("T tab ^u 7 0 enter") == [.steer(target: target, multiplier: nil)])
    #expect(state.settings.target == target)
    #expect(state.notice?.text == "the search aims at 70 % of the latency from now on")
    #expect(state.front.resource == .latency && !state.front.steps.isEmpty)
    let costs = state.front.steps.compactMap(\.latency)
    #expect(costs.count == state.front.steps.count && costs == costs.sorted())
    // Along the front, dearer in time.
    state.press("4 l")
    state.press("h h h h")
    let first = try #require(costs.first)
    #expect(state.latencies?.share(of: state.shown, in: state.space) == first)
    // And back.
    #expect(state.press("T tab ^u 5 0 enter") == [.steer(target: Target(0.5), multiplier: nil)])
    #expect(state.front.resource == .macs)
  }

  @Test(arguments: ["0", "101", "x", "-3", "1e999", "nan", "", "50 %%"])
  func badTargetsAreRefused(text: String) throws {
    var state = try Fixtures.searched()
    state.press("T ^u")
    state.take([.paste(text)])
    #expect(state.press("enter").isEmpty)
    #expect(state.settings.target == Target(0.5))
    #expect(state.notice?.kind == .refusal)
    #expect(state.press("esc").isEmpty)
    #expect(state.overlay == nil)
  }

  @Test func theWeightIsHeldAndLetGo() throws {
    var state = try Fixtures.searched()
    #expect(state.press("w 2 . 5 enter") == [.steer(target: Target(0.5), multiplier: 2.5)])
    #expect(state.multiplier == 2.5)
    #expect(state.press("w ^u enter") == [.steer(target: Target(0.5), multiplier: nil)])
    #expect(state.press("w 9 9 enter").isEmpty)
  }

  @Test func recordsAreOfOneTarget() throws {
    var state = try Fixtures.searched(episodes: 2)
    let best = try #require(state.records.last)
    let steps = [Fixtures.step(number: 1, in: state)]
    // Whatever its reward, the first episode for another target is the best one for it.
    state.take([
      .episode(Episode(number: 3, steps: steps, multiplier: 1, target: Target(0.2)), multiplier: 1)
    ])
    #expect(state.records.last == 2)
    #expect(best < 2)
  }

  @Test func aGroupIsPinnedAtOnce() throws {
    var state = try Fixtures.searched()
    state.selection = try #require(
      state.graphRows.rows.firstIndex { if case .group = $0 { true } else { false } })
    let effects = state.press("space")
    let pinned = state.live.pins.indices.filter { state.live.pins[$0] }
    #expect(!pinned.isEmpty)
    let names = Set(pinned.map { state.space.units[$0].name })
    #expect(names.isSuperset(of: ["layer1.conv1.taps", "layer1.conv2.taps"]))
    #expect(!names.contains("layer2.conv1.taps"))
    #expect(effects.contains { if case .pin = $0 { true } else { false } })
    state.press("space")
    #expect(!state.live.pins.contains(true))
    #expect(state.edits.count == 2)
  }

  @Test func allWithAPatternArePinned() throws {
    var state = try Fixtures.searched()
    try state.select("layer1.conv1")
    state.press("P")
    guard case .chooser(let chooser) = state.overlay else {
      Issue.record("no chooser")
      return
    }
    let unit = try #require(state.selectedUnits.first)
    let pattern = state.shown.choices[unit]
    let alike = state.space.units.indices.filter {
      state.shown.choices[$0] == pattern
        && state.space.units[$0].kind == state.space.units[unit].kind
    }
    let place = try #require(
      chooser.items.firstIndex { $0.label.contains("with \(pattern.name)") })
    state.press(Array(repeating: "down", count: place).joined(separator: " "))
    state.press("enter")
    #expect(state.live.pins.indices.filter { state.live.pins[$0] } == alike)
    // Undone as one.
    state.press("z")
    #expect(!state.live.pins.contains(true))
  }

  @Test func differencesAreThoseOfTheChoices() throws {
    var state = try Fixtures.searched()
    #expect(state.reference.name == "dense")
    state.press("[ c")
    #expect(state.reference.name == "ep 6")
    #expect(state.differingUnits.isEmpty)
    state.press("[")
    let reference = state.episodes[5].best.strategy
    #expect(
      state.differingUnits
        == reference.choices.indices.filter { reference.choices[$0] != state.shown.choices[$0] })
    // Again on the same strategy: the dense model.
    state.press("c")
    #expect(state.reference.name == "ep 5")
    state.press("c")
    #expect(state.reference.name == "dense")
  }

  @Test func themesAreSeenBeforeTheyAreChosen() throws {
    var state = try Fixtures.ready()
    #expect(state.press("t down") == [.theme("light")])
    #expect(state.preferences.theme == "default")
    #expect(state.press("esc") == [.theme("default")])
    state.press("t down")
    #expect(state.press("enter") == [.theme("light"), .keep(state.preferences)])
    #expect(state.preferences.theme == "light")
  }

  @Test func anAccuracyTakesAwayWhatWasSaidOfTheEditAlone() throws {
    var state = try Fixtures.ready()
    let measured = Measurement(
      cost: state.space.denseCost, accuracy: Accuracy(correct: 900, images: 1000))
    state.press("space")
    #expect(state.notice?.text == "pin stem")
    state.take([.measured(state.live, measured, isFinal: false)])
    #expect(state.notice == nil)
    state.press("t down enter")
    state.take([.measured(state.live, measured, isFinal: true)])
    #expect(state.notice?.text == "theme light")
  }

  @Test func nothingIsKeptWhereNothingMayChange() throws {
    var state = try Fixtures.ready(isReadOnly: true)
    #expect(state.press("t down enter") == [.theme("light"), .theme("light")])
  }

  @Test func storedRunsAreGoneOnWith() throws {
    var state = try Fixtures.withStoredRuns()
    #expect(state.press("down enter") == [.resume("/runs/62.sqlite")])
    #expect(state.loading == .underWay)
    #expect(state.episodes.isEmpty)
    var settings = state.settings
    settings.target = Target(0.3)
    state.take([.loaded(digest: "abc", images: 2000), .resumed(settings)])
    #expect(state.settings.target == Target(0.3))
  }

  @Test func hintsAreSaidUntilTheyAreKnown() throws {
    var state = try Fixtures.ready()
    state.preferences.learned = []
    let size = Size(width: 120, height: 40)
    state.take([.resize(size)])
    #expect(view(state, size: size).text.contains("hint: p starts the search"))
    let effects = state.press("p")
    #expect(effects.contains { if case .keep = $0 { true } else { false } })
    state.take([.searching(false)])
    #expect(!view(state, size: size).text.contains("hint: p starts"))
    #expect(state.preferences.learned == [.search])
  }

  @Test func theCurvesShowAPart() throws {
    var state = try Fixtures.searched(episodes: 9)
    state.press("=")
    #expect(state.plotSpan == 4)
    state.press("-")
    #expect(state.plotSpan == 8)
    state.press("-")
    #expect(state.plotSpan == nil)
  }

  @Test func aDrawnMaskHasNoPrediction() throws {
    var state = try Fixtures.searched()
    state.take([.latencies(Fixtures.latencies(of: state.space))])
    let dense = Strategy(denseFor: state.space)
    #expect(state.speedup(of: dense) == 1)
    #expect(try #require(state.speedup(of: state.shown)) > 1)
    var drawn = dense
    let unit = try #require(state.space.unit(named: "stem.taps"))
    drawn.choices[unit] = .masks([try #require(TapMask("525", kernel: .init(3, 3)))])
    #expect(state.speedup(of: drawn) == nil)
  }

  @Test func theReportTellsEveryChoice() throws {
    var state = try Fixtures.searched()
    state.press("x up")
    let measured = Measurement(
      cost: state.space.cost(of: state.shown), accuracy: Accuracy(correct: 1700, images: 2000))
    let strategy = state.shown
    #expect(state.press("enter").isEmpty)
    let effects = state.take([.measured(strategy, measured, isFinal: true)])
    guard case .exportText(let text, let path, _) = effects.first else {
      Issue.record("no report")
      return
    }
    #expect(path == "./small-report.md")
    for unit in state.space.units { #expect(text.contains("| \(unit.name) |")) }
    #expect(text.contains("85.0 % (1700 of 2000;"))
  }
}
