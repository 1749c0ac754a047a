import Engine
import Explorer
import Metrics
import Patterns
import Search
import Testing

struct EditingTests {
  @Test func pinHoldsWhatIsShownAndTellsTheSearch() throws {
    var state = try Fixtures.searched()
    try state.select("layer1.conv1")
    let units = state.selectedUnits
    #expect(units.count == 2)
    let shown = state.shown
    let effects = state.press("space")
    #expect(units.allSatisfy { state.live.pins[$0] })
    #expect(state.live.choices == shown.choices)
    guard case .pin(let pins) = effects.first else {
      Issue.record("the search was not told")
      return
    }
    for unit in pins.choices.indices {
      #expect(pins.choices[unit] == (units.contains(unit) ? shown.choices[unit] : .dense))
    }
    state.press("space")
    #expect(state.live.pins.allSatisfy { !$0 })
  }

  @Test func overridePinsAndMeasures() throws {
    var state = try Fixtures.searched()
    try state.select("layer1.conv1")
    state.press("e G")
    let unit = state.selectedUnits[0]
    let wanted = try #require(state.space.units[unit].menu.last)
    let effects = state.press("enter")
    #expect(state.overlay == nil)
    #expect(state.live.choices[unit] == wanted)
    #expect(state.live.pins[unit])
    #expect(effects.contains(.measure(state.live)))
    #expect(state.hasUnexportedEdits)
    // MACs follow at once; the accuracy comes step by step.
    #expect(state.shownMeasurement == nil)
    let cost = state.space.cost(of: state.live)
    let partial = Measurement(cost: cost, accuracy: Accuracy(correct: 450, images: 500))
    state.take([.measured(state.live, partial, isFinal: false)])
    #expect(state.shownMeasurement == partial)
    #expect(state.measuring != nil)
    let final = Measurement(cost: cost, accuracy: Accuracy(correct: 1790, images: 2000))
    state.take([.measured(state.live, final, isFinal: true)])
    #expect(state.shownMeasurement == final)
    #expect(state.measuring == nil)
  }

  @Test func drawnMaskIsAChoice() throws {
    var state = try Fixtures.ready()
    try state.select("stem")
    // From dense: clear the corners of the first row.
    state.press("e d space right right space enter")
    let unit = state.selectedUnits[0]
    #expect(state.live.choices[unit].name == "277")
    #expect(state.live.pins[unit])
  }

  @Test func undoAndRedo() throws {
    var state = try Fixtures.searched()
    let before = state.live
    try state.select("layer1.conv1")
    state.press("e G enter")
    let edited = state.live
    state.press("space")
    state.press("z z")
    #expect(state.live == before)
    #expect(!state.hasUnexportedEdits)
    state.press("Z")
    #expect(state.live == edited)
    state.press("z")
    #expect(state.press("z").isEmpty)
    #expect(state.notice?.text == "z: nothing to undo yet")
  }

  @Test func undoLeavesOtherUnitsAsTheSearchHasThem() throws {
    var state = try Fixtures.searched()
    try state.select("layer1.conv1")
    let unit = state.selectedUnits[0]
    let old = state.live.choices[unit]
    state.press("e G enter")
    let step = Fixtures.step(number: 99, in: state)
    state.take([.step(step)])
    #expect(state.live == step.strategy)
    state.press("z")
    #expect(state.live.choices[unit] == old)
    for other in state.live.choices.indices where other != unit {
      #expect(state.live.choices[other] == step.strategy.choices[other])
    }
  }

  @Test func stepsProposedBeforeAPinDoNotTakeItBack() throws {
    var state = try Fixtures.searched()
    let late = Fixtures.step(number: 50, in: state)
    try state.select("stem")
    state.press("space")
    let mine = state.live
    state.take([.step(late)])
    #expect(state.live == mine)
    #expect(state.steps == [late])
  }

  @Test func editOfAPastEpisodeGoesLiveWithTodaysPins() throws {
    var state = try Fixtures.searched()
    try state.select("fc")
    try state.select("stem")
    state.press("space")
    let pinned = state.selectedUnits
    let held = pinned.map { state.live.choices[$0] }
    state.press("[ [ [")
    let past = state.shown
    try state.select("layer2.conv1")
    state.press("space")
    #expect(state.viewing == .live)
    for (unit, choice) in zip(pinned, held) { #expect(state.live.choices[unit] == choice) }
    for unit in state.live.choices.indices where !pinned.contains(unit) {
      #expect(state.live.choices[unit] == past.choices[unit])
    }
  }

  @Test func readOnlyRefuses() throws {
    var state = try Fixtures.ready(isReadOnly: true)
    for key in ["space", "e", "p", "n", "x"] {
      #expect(state.press(key).isEmpty)
      #expect(state.notice?.text == "\(key): --readonly forbids changes")
      #expect(state.overlay == nil)
    }
  }
}
