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
    #expect(state.press("enter") == [.steer(Aim(Target(0.35)))])
    #expect(state.run.settings.target == Target(0.35))
    #expect(state.overlay == nil)
    #expect(state.screen.notice?.text == "the search aims at 35 % of the MACs from now on")
  }

  @Test func theTargetIsTurnedToLatency() throws {
    var state = try Fixtures.searched()
    // Choices were not timed yet: there is nothing to turn to.
    #expect(state.press("T tab ^u 4 0 enter") == [.steer(Aim(Target(0.4)))])
    state.take([.search(.latencies(Fixtures.latencies(of: state.model.space)))])
    let target = Target(0.7, of: .latency)
    #expect(state.press("T tab ^u 7 0 enter") == [.steer(Aim(target))])
    #expect(state.run.settings.target == target)
    #expect(state.screen.notice?.text == "the search aims at 70 % of the latency from now on")
    #expect(state.run.history.front.resource == .latency && !state.run.history.front.steps.isEmpty)
    let costs = state.run.history.front.steps.compactMap(\.latency)
    #expect(costs.count == state.run.history.front.steps.count && costs == costs.sorted())
    // Along the front, dearer in time.
    state.press("4 l")
    state.press("h h h h")
    let first = try #require(costs.first)
    #expect(state.model.latencies?.share(of: state.run.shown, in: state.model.space) == first)
    // And back.
    #expect(state.press("T tab ^u 5 0 enter") == [.steer(Aim(Target(0.5)))])
    #expect(state.run.history.front.resource == .macs)
  }

  @Test(arguments: ["0", "101", "x", "-3", "1e999", "nan", "", "50 %%"])
  func badTargetsAreRefused(text: String) throws {
    var state = try Fixtures.searched()
    state.press("T ^u")
    state.take([.paste(text)])
    #expect(state.press("enter").isEmpty)
    #expect(state.run.settings.target == Target(0.5))
    #expect(state.screen.notice?.kind == .refusal)
    #expect(state.press("esc").isEmpty)
    #expect(state.overlay == nil)
  }

  @Test func theWeightIsHeldAndLetGo() throws {
    var state = try Fixtures.searched()
    #expect(state.press("w 2 . 5 enter") == [.steer(Aim(Target(0.5), multiplier: 2.5))])
    #expect(state.run.multiplier == 2.5)
    #expect(state.press("w ^u enter") == [.steer(Aim(Target(0.5)))])
    #expect(state.press("w 9 9 enter").isEmpty)
  }

  @Test func steeringInMidEpisodeKeepsTheAccuracyShown() throws {
    var state = try Fixtures.searched()
    for keys in ["T ^u 3 5 enter", "w 3 enter", "space"] {
      let step = Fixtures.step(number: 90, in: state)
      state.take([.search(.step(step))])
      #expect(state.run.shownMeasurement(in: state.model) == step.measurement)
      state.press(keys)
      #expect(state.run.history.steps.isEmpty)
      #expect(state.run.shownMeasurement(in: state.model) == step.measurement)
    }
  }

  @Test func steeringIsUndone() throws {
    var state = try Fixtures.searched()
    state.press("T ^u 3 5 enter w 2 . 5 enter")
    #expect(!state.run.edits.areUnexported)
    #expect(state.press("z") == [.steer(Aim(Target(0.35)))])
    #expect(state.press("z") == [.steer(Aim(Target(0.5)))])
    #expect(state.run.aim == Aim(Target(0.5)))
    #expect(state.screen.notice?.text == "undone: the search aims at 35 % of the MACs from now on")
    #expect(state.press("Z") == [.steer(Aim(Target(0.35)))])
  }

  @Test func theTargetIsAlwaysOnTheScreen() throws {
    var state = try Fixtures.searched()
    for size in [Size(width: 80, height: 24), Size(width: 60, height: 20)] {
      let top = view(state, size: size).text.prefix { $0 != "\n" }
      #expect(top.contains(" / 50 %"))
    }
    state.press("T ^u 9 9 enter")
    #expect(view(state, size: Size(width: 120, height: 40)).text.contains(" / 99 %  "))
    state.press("T ^u 1 enter")
    #expect(view(state, size: Size(width: 120, height: 40)).text.contains(" / 1 % over"))
    state.take([.search(.latencies(Fixtures.latencies(of: state.model.space)))])
    #expect(view(state, size: Size(width: 120, height: 40)).text.contains("x faster"))
    state.press("T tab ^u 7 0 enter")
    #expect(view(state, size: Size(width: 120, height: 40)).text.contains(" / 70 %"))
  }

  @Test func recordsAreOfOneTarget() throws {
    var state = try Fixtures.searched(episodes: 2)
    let best = try #require(state.run.history.records.last)
    let steps = [Fixtures.step(number: 1, in: state)]
    // Whatever its score, the first episode for another target is the best one for it.
    state.take([
      .search(
        .episode(
          Episode(number: 3, steps: steps, multiplier: 1, target: Target(0.2)), multiplier: 1))
    ])
    #expect(state.run.history.records.last == 2)
    #expect(best < 2)
  }

  @Test func aGroupIsPinnedAtOnce() throws {
    var state = try Fixtures.searched()
    state.layers.selection = try #require(
      state.layers.rows.firstIndex { if case .group = $0 { true } else { false } })
    let effects = state.press("space")
    let pinned = state.run.live.pins.indices.filter { state.run.live.pins[$0] }
    #expect(!pinned.isEmpty)
    let names = Set(pinned.map { state.model.space.units[$0].name })
    #expect(names.isSuperset(of: ["layer1.conv1.taps", "layer1.conv2.taps"]))
    #expect(!names.contains("layer2.conv1.taps"))
    #expect(effects.contains { if case .pin = $0 { true } else { false } })
    state.press("space")
    #expect(!state.run.live.pins.contains(true))
    #expect(state.run.edits.done.count == 2)
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
    let pattern = state.run.shown.choices[unit]
    let alike = state.model.space.units.indices.filter {
      state.run.shown.choices[$0] == pattern
        && state.model.space.units[$0].kind == state.model.space.units[unit].kind
    }
    let place = try #require(
      chooser.items.firstIndex { $0.label.contains("with \(pattern.name)") })
    state.press(Array(repeating: "down", count: place).joined(separator: " "))
    state.press("enter")
    #expect(state.run.live.pins.indices.filter { state.run.live.pins[$0] } == alike)
    // Undone as one.
    state.press("z")
    #expect(!state.run.live.pins.contains(true))
  }

  @Test func differencesAreThoseOfTheChoices() throws {
    var state = try Fixtures.searched()
    #expect(state.run.reference.name == "dense")
    state.press("[ c")
    #expect(state.run.reference.name == "ep 6")
    #expect(state.run.differingUnits.isEmpty)
    state.press("[")
    let reference = state.run.history.episodes[5].best.strategy
    #expect(
      state.run.differingUnits
        == reference.choices.indices.filter { reference.choices[$0] != state.run.shown.choices[$0] }
    )
    // Again on the same strategy: the dense model.
    state.press("c")
    #expect(state.run.reference.name == "ep 5")
    state.press("c")
    #expect(state.run.reference.name == "dense")
  }

  /// 92.5 % of 1,000 images and 95 % of 2,000 are the same dense model.
  @Test func accuraciesOnOtherImagesAreComparedByWhatIsLost() throws {
    var state = try Fixtures.searched()
    func measured(_ correct: Int, of images: Int, _ strategy: Strategy) -> Measurement {
      Measurement(
        cost: state.model.space.cost(of: strategy),
        accuracy: Accuracy(correct: correct, images: images))
    }
    let dense = Strategy(denseFor: state.model.space)
    state.take([.search(.baseline(measured(1900, of: 2000, dense), isFinal: true))])
    state.press("[ c [")
    let shown = state.run.shown
    state.take([.search(.measured(shown, measured(1800, of: 2000, shown), isFinal: true))])
    state.press("D")
    let text = view(state, size: Size(width: 120, height: 40)).text
    let first = try #require(state.run.reference.step?.measurement.accuracy)
    #expect(first.images == 1000)
    let change = (0.9 - 0.95 - (first.fraction - 0.925)) * 100
    let row = try #require(text.split(separator: "\n").first { $0.contains("accuracy  ") })
    #expect(row.contains("% of 1000") && row.contains("90.0% of 2000"))
    #expect(row.contains("\(change < 0 ? "−" : "+")\((abs(change) * 10).rounded() / 10) ±"))
  }

  /// What other engines gain from: channels and boxes, not other masks.
  @Test func boxesAreLeftOutInOtherEnginesToo() throws {
    let state = try Fixtures.ready()
    let unit = try #require(state.model.space.units.firstIndex { $0.kind == .taps })
    var strategy = Strategy(denseFor: state.model.space)
    let share = try #require(Density("1/3"))
    strategy.choices[unit] = .taps(share)
    #expect(state.model.removableShare(of: strategy) == 1)
    strategy.choices[unit] = .boxes(share)
    #expect(state.model.removableShare(of: strategy) == state.model.share(of: strategy))
  }

  @Test func themesAreSeenBeforeTheyAreChosen() throws {
    var state = try Fixtures.ready()
    #expect(state.press("t down") == [.theme("light")])
    #expect(state.screen.preferences.theme == "default")
    #expect(state.press("esc") == [.theme("default")])
    state.press("t down")
    #expect(state.press("enter") == [.theme("light"), .keep(state.screen.preferences)])
    #expect(state.screen.preferences.theme == "light")
  }

  @Test func anAccuracyTakesAwayWhatWasSaidOfTheEditAlone() throws {
    var state = try Fixtures.ready()
    let measured = Measurement(
      cost: state.model.space.denseCost, accuracy: Accuracy(correct: 900, images: 1000))
    state.press("space")
    #expect(state.screen.notice?.text == "pin stem; one choice of channels for stem, layer1.conv2")
    state.take([.search(.measured(state.run.live, measured, isFinal: false))])
    #expect(state.screen.notice == nil)
    state.press("t down enter")
    state.take([.search(.measured(state.run.live, measured, isFinal: true))])
    #expect(state.screen.notice?.text == "theme light")
  }

  @Test func nothingIsKeptWhereNothingMayChange() throws {
    var state = try Fixtures.ready(isReadOnly: true)
    #expect(state.press("t down enter") == [.theme("light"), .theme("light")])
  }

  @Test func storedRunsAreGoneOnWith() throws {
    var state = try Fixtures.withStoredRuns()
    #expect(state.press("down enter") == [.resume("/runs/62.sqlite")])
    #expect(state.run.work.loading == .underWay)
    #expect(state.run.history.episodes.isEmpty)
    var settings = state.run.settings
    settings.target = Target(0.3)
    state.load(digest: "abc", images: 2000)
    state.take([.search(.resumed(StoredRun(settings, pins: state.model.dense)))])
    #expect(state.run.settings.target == Target(0.3))
  }

  @Test func hintsAreSaidUntilTheyAreKnown() throws {
    var state = try Fixtures.ready()
    state.screen.preferences.learned = []
    let size = Size(width: 120, height: 40)
    state.take([.resize(size)])
    #expect(view(state, size: size).text.contains("hint: p starts the search"))
    let effects = state.press("p")
    #expect(effects.contains { if case .keep = $0 { true } else { false } })
    state.take([.search(.searching(false))])
    #expect(!view(state, size: size).text.contains("hint: p starts"))
    #expect(state.screen.preferences.learned == [.search])
  }

  @Test func theCurvesShowAPart() throws {
    var state = try Fixtures.searched(episodes: 9)
    state.press("=")
    #expect(state.run.plotSpan == 4)
    state.press("-")
    #expect(state.run.plotSpan == 8)
    state.press("-")
    #expect(state.run.plotSpan == nil)
  }

  @Test func aDrawnMaskHasNoPrediction() throws {
    var state = try Fixtures.searched()
    state.take([.search(.latencies(Fixtures.latencies(of: state.model.space)))])
    let dense = Strategy(denseFor: state.model.space)
    #expect(state.model.speedup(of: dense) == 1)
    #expect(try #require(state.model.speedup(of: state.run.shown)) > 1)
    var drawn = dense
    let unit = try #require(state.model.space.unit(named: "stem.taps"))
    drawn.choices[unit] = .masks([try #require(TapMask("525", kernel: .init(3, 3)))])
    #expect(state.model.speedup(of: drawn) == nil)
  }

  @Test func theReportTellsEveryChoice() throws {
    var state = try Fixtures.searched()
    state.press("x up up")
    let strategy = state.run.shown
    #expect(state.press("enter") == [.finish(strategy)])
    let result = Fixtures.searchResult(of: strategy, in: state)
    let effects = state.take([.search(.result(result))])
    #expect(
      effects.first
        == .exportReport(of: strategy, .markdown, path: "./small-report.md", replacing: false))
    let text = state.run.report(of: strategy, in: state.model).markdown
    for unit in state.model.space.units { #expect(text.contains("| \(unit.name) |")) }
    #expect(text.contains("85.0 % (1700 of 2000;"))
  }

  @Test func theCurveIsThatOfOneTarget() throws {
    var state = try Fixtures.searched()
    let before = try #require(state.run.history.record(for: Target(0.5)))
    let best = state.run.history.episodes[before].score
    state.press("T ^u 3 5 enter")
    // Before an episode for it has ended, the curve is that of the last one.
    #expect(state.run.plottedTarget == Target(0.5))
    let first = view(state, size: Size(width: 120, height: 40)).text
    #expect(first.contains("best \(Fixtures.thousandths(best)) at 50 %"))
    var step = Fixtures.step(number: 50, in: state)
    step.score = best / 2
    let episode = Episode(number: 7, steps: [step], multiplier: 1, target: Target(0.35))
    state.take([.search(.episode(episode, multiplier: 1))])
    let text = view(state, size: Size(width: 120, height: 40)).text
    #expect(text.contains("best \(Fixtures.thousandths(best / 2)) at 35 %"))
    #expect(!text.contains("best \(Fixtures.thousandths(best))"))
    #expect(state.run.history.episodesSinceRecord(for: Target(0.35)) == 0)
    // The axis is that of its scores: those for another target may lie outside.
    let axis = text.split(separator: "\n").compactMap { line in
      line.firstMatch(of: /│ ?(\.[0-9]+)[┤┼]/).flatMap { Double("0" + $0.1) }
    }
    #expect(!axis.isEmpty && axis.allSatisfy { $0 < best * 0.9 })
    state.press("[ [")
    #expect(state.run.plottedTarget == Target(0.5))
  }

  @Test func whereOnlyCoupledChannelsDifferTheirNumberIsSaid() throws {
    var state = try Fixtures.searched()
    var dense = state.model.dense
    let unit = try #require(
      state.model.space.units.indices.first {
        if case .channels = state.model.space.units[$0].target { true } else { false }
      })
    dense.choices[unit] = try #require(state.model.space.units[unit].menu.last)
    let step = SearchStep(
      strategy: dense, measurement: Fixtures.step(number: 1, in: state).measurement, score: 0.9,
      reward: 0.9, excess: 0)
    state.take([.search(.step(step))])
    state.press("d")
    let text = view(state, size: Size(width: 120, height: 40)).text
    #expect(text.contains("≠") && text.contains("was 16/16"))
    #expect(!text.contains("was dense"))
  }
}
