import Explorer
import Metrics
import ModelGraph
import Patterns
import Search
import TerminalKit
import Testing

/// A run of the search in place of another.
struct RunStateTests {
  /// The screen after a search with edits and measurements, where a stored run was chosen to go on with.
  private func resumed() throws -> ExplorerState {
    var state = try Fixtures.searched()
    state.take([
      .storedRuns([
        RunOutcome(
          RunFolder.Summary(
            path: "/runs/62.sqlite", model: "Small ResNet", created: "2026-11-24T09:45:00Z",
            episodes: 62, digest: "abc"))
      ])
    ])
    try state.select("layer1.conv1")
    state.press("space z c [ =")
    let strategy = state.run.live
    let measurement = Measurement(
      cost: state.model.space.cost(of: strategy), accuracy: Accuracy(correct: 1, images: 2000))
    state.take([
      .fineTuning(.known(Fixtures.result(of: strategy, in: state))),
      .search(.measured(strategy, measurement, isFinal: true)),
      .search(.measuringSensitivity(done: 3, of: 10)), .search(.timingFailed("no engine")),
    ])
    #expect(state.press("R enter").contains(.resume("/runs/62.sqlite")))
    return state
  }

  @Test func aNewRunKnowsNothingOfTheOneBefore() throws {
    let state = try resumed()
    let (run, new) = (state.run, RunState(state.run.settings, dense: state.model.dense))
    #expect(run.history.episodes.isEmpty && run.history.steps.isEmpty)
    #expect(run.history.records.isEmpty && run.history.front.steps.isEmpty)
    #expect(run.work == new.work)
    #expect(run.edits == new.edits)
    #expect(run.measurements.isEmpty && run.fineTuned.isEmpty)
    #expect(run.viewing == .live && run.live.isDense && run.plotSpan == nil)
    #expect(run.reference.name == "dense")
    #expect(run.log.map(\.notice.text) == ["going on with 2026-11-24 09:45:00Z"])
  }

  @Test func whatIsKnownOfTheModelStays() throws {
    let state = try resumed()
    #expect(state.model.weights != nil && state.model.baseline.isFinal)
    #expect(state.run.shownMeasurement(in: state.model)?.accuracy.correct == 1850)
  }

  @Test func settingsAndPinsOfAStoredRunAreShownAndItsStepsFollowed() throws {
    var state = try resumed()
    var settings = SearchSettings()
    settings.target = Target(0.3)
    settings.multiplier = 2.5
    let unit = try #require(state.model.space.unit(named: "stem.taps"))
    var pins = state.model.dense
    pins.choices[unit] = state.model.space.units[unit].menu[1]
    pins.pins[unit] = true
    state.load(digest: "abc", images: 2000)
    state.take([.search(.resumed(StoredRun(settings, pins: pins)))])
    #expect(state.run.settings == settings)
    #expect(state.run.multiplier == 2.5)
    #expect(state.run.live == pins)
    let step = Fixtures.step(number: 1, in: state)
    state.take([.search(.step(step))])
    #expect(state.run.live == step.strategy)
  }

  @Test func editsMadeWhileAStoredRunIsReadHold() throws {
    var state = try resumed()
    try state.select("stem")
    state.press("space")
    let mine = state.run.live
    state.load(digest: "abc", images: 2000)
    state.take([.search(.resumed(StoredRun(SearchSettings(), pins: state.model.dense)))])
    #expect(state.run.live == mine)
  }

  @Test func expectedLossesOfAResumedRunAreShown() throws {
    var state = try resumed()
    state.load(digest: "abc", images: 2000)
    let losses = state.model.space.units.map { $0.menu.map { $0 == .dense ? 0 : Float(0.25) } }
    state.take([
      .search(.resumed(StoredRun(SearchSettings(), pins: state.model.dense))),
      .search(.sensitivity(Sensitivity(losses: ChoiceTable(rows: losses)))),
    ])
    try state.select("layer1.conv1")
    let text = view(state, size: Size(width: 200, height: 60)).text
    #expect(text.contains("by logit error") && !text.contains("by weight energy"))
    #expect(text.contains("25%"))
  }

  @Test func stepsWithoutAPredictedTimeGetOneWheneverChoicesAreTimed() throws {
    var state = try Fixtures.searched(episodes: 1)
    #expect(state.run.history.episodes[0].steps[0].latency == nil)
    state.take([.search(.latencies(Fixtures.latencies(of: state.model.space)))])
    let late = Fixtures.step(number: 7, in: state)
    state.take([
      .search(
        .episode(
          Episode(number: 2, steps: [late], multiplier: 1, target: Target(0.5)), multiplier: 1))
    ])
    for episode in state.run.history.episodes {
      for step in episode.steps {
        #expect(step.latency == state.model.share(of: step.strategy, .latency))
      }
    }
  }

  @Test func aRecordIsMarkedWhenChanceDoesNotExplainIt() throws {
    var state = try Fixtures.ready()
    for (number, correct) in [800, 803, 790, 860, 861].enumerated() {
      var step = Fixtures.step(number: number, in: state)
      step.measurement.accuracy.correct = correct
      step.score = Double(correct) / 1000
      state.take([
        .search(
          .episode(
            Episode(number: number + 1, steps: [step], multiplier: 1, target: Target(0.5)),
            multiplier: 1))
      ])
    }
    #expect(state.run.history.records == [0, 1, 3, 4])
    #expect(state.run.history.clearRecords == [0, 3])
    let text = view(state, size: Size(width: 200, height: 60)).text
    #expect(text.contains("score .861 ") && !text.contains("score .861▲"))
    state.press("[ [")
    #expect(view(state, size: Size(width: 200, height: 60)).text.contains("score .860▲"))
  }

  @Test func theSearchTellsHowFastItIs() throws {
    var state = try Fixtures.searched(episodes: 1)
    state.now = .seconds(100)
    state.take([.search(.searching(true))])
    for second in stride(from: 110, through: 170, by: 30) {
      state.now = .seconds(second)
      state.take([.search(.looked(images: 10 * second))])
      let step = Fixtures.step(number: 2, in: state)
      state.take([
        .search(
          .episode(
            Episode(number: 2, steps: [step], multiplier: 1, target: Target(0.5)), multiplier: 1))
      ])
    }
    let size = Size(width: 200, height: 60)
    let text = view(state, size: size).text
    #expect(text.contains("1:10 of search  600 images, 2.0 episodes a minute"))
    #expect(text.contains("3 ep ago"))
    // Paused, the time stands.
    state.take([.search(.searching(false))])
    state.now = .seconds(1000)
    #expect(view(state, size: size).text.contains("1:10 of search"))
  }

  @Test func preparationsTellHowLongTheyTake() throws {
    var state = try Fixtures.ready()
    state.take([.search(.measuringSensitivity(done: 100, of: 400))])
    #expect(state.run.work.losses?.text == "100 of 400")
    state.now = .seconds(10)
    state.take([.search(.measuringSensitivity(done: 200, of: 400))])
    #expect(state.run.work.losses?.text == "200 of 400, 21 s left")
    let text = view(state, size: Size(width: 200, height: 60)).text
    #expect(text.contains("p starts the search after it."))
    // Begun anew after something more urgent.
    state.take([.search(.measuringSensitivity(done: 50, of: 400))])
    #expect(state.run.work.losses?.text == "50 of 400")
  }

  @Test func thePlotComparesLikeWithLike() throws {
    var state = try Fixtures.searched()
    let step = try #require(state.run.shownStep)
    let all = Measurement(
      cost: step.measurement.cost, accuracy: Accuracy(correct: 1999, images: 2000))
    state.take([.search(.measured(step.strategy, all, isFinal: true))])
    let text = view(state, size: Size(width: 200, height: 60)).text
    // The header says what rests on the most images, the plot what the others beside it rest on, and both say so.
    #expect(text.contains("acc 100.0 +7.5 of 92.5") && text.contains("n 1000  ○ best"))
    #expect(text.contains("● n 2000"))
    #expect(text.contains("99.95 % of 2000 images") && text.contains("dense 92.50 %"))
    let shown = text.split(separator: "\n").firstIndex { $0.contains("◆") && $0.contains("┤") }
    let finalist = text.split(separator: "\n").firstIndex { $0.contains("●") && $0.contains("┤") }
    #expect(try #require(finalist) < #require(shown))
  }

  @Test func masksStayUntilTheNextAreCounted() throws {
    var state = try Fixtures.searched()
    let node = try #require(state.model.space.graph.index(of: "layer1.conv1"))
    let known = state.model.masks(ofNode: node, state.run.shown)
    #expect(!known.isEmpty)
    var step = Fixtures.step(number: 12, in: state)
    let taps = try #require(state.model.space.weightUnit[node])
    step.strategy.choices[taps] = state.run.shown.choices[taps]
    state.take([.search(.step(step))])
    #expect(state.run.shown == step.strategy && state.model.masks[step.strategy.choices] == nil)
    #expect(state.model.masks(ofNode: node, state.run.shown) == known)
  }

  @Test func scoreAndRewardHaveTheirOwnNames() throws {
    let state = try Fixtures.searched()
    let step = try #require(state.run.shownStep)
    #expect(step.score != step.reward)
    let text = view(state, size: Size(width: 200, height: 60)).text
    #expect(text.contains("score .801") && text.contains("reward  .751"))
  }
}
