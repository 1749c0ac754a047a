import Engine
import Explorer
import Metrics
import ModelGraph
import Patterns
import Search
import TerminalKit
import Testing

struct EditingTests {
  @Test func pinHoldsWhatIsShownAndTellsTheSearch() throws {
    var state = try Fixtures.searched()
    try state.select("layer1.conv1")
    let units = state.selectedUnits
    #expect(units.count == 2)
    let shown = state.run.shown
    let effects = state.press("space")
    #expect(units.allSatisfy { state.run.live.pins[$0] })
    #expect(state.run.live.choices == shown.choices)
    guard case .pin(let pins) = effects.first else {
      Issue.record("the search was not told")
      return
    }
    for unit in pins.choices.indices {
      #expect(pins.choices[unit] == (units.contains(unit) ? shown.choices[unit] : .dense))
    }
    state.press("space")
    #expect(state.run.live.pins.allSatisfy { !$0 })
  }

  @Test func overridePinsAndMeasures() throws {
    var state = try Fixtures.searched()
    try state.select("layer1.conv1")
    state.press("e G")
    let unit = state.selectedUnits[0]
    let wanted = try #require(state.model.space.units[unit].menu.last)
    let effects = state.press("enter")
    #expect(state.overlay == nil)
    #expect(state.run.live.choices[unit] == wanted)
    #expect(state.run.live.pins[unit])
    #expect(effects.contains(.measure(state.run.live)))
    #expect(state.run.edits.areUnexported)
    // MACs follow at once; the accuracy comes step by step.
    #expect(state.run.shownMeasurement(in: state.model) == nil)
    let cost = state.model.space.cost(of: state.run.live)
    let partial = Measurement(cost: cost, accuracy: Accuracy(correct: 450, images: 500))
    state.take([.search(.measured(state.run.live, partial, isFinal: false))])
    #expect(state.run.shownMeasurement(in: state.model) == partial)
    #expect(state.run.work.measuring != nil)
    let final = Measurement(cost: cost, accuracy: Accuracy(correct: 1790, images: 2000))
    state.take([.search(.measured(state.run.live, final, isFinal: true))])
    #expect(state.run.shownMeasurement(in: state.model) == final)
    #expect(state.run.work.measuring == nil)
  }

  @Test func headsAreEditedAtAttention() throws {
    func linear(_ name: String, from input: String) -> NodeDeclaration {
      NodeDeclaration(
        name: name, op: .linear(Linear(outputFeatures: 32, weight: name + ".weight")),
        inputs: [input])
    }
    let graph = try Graph(
      input: Shape([6, 16]),
      declarations: [
        linear("embedding", from: "input"), linear("q", from: "embedding"),
        linear("k", from: "embedding"), linear("v", from: "embedding"),
        NodeDeclaration(
          name: "attention", op: .attention(Attention(heads: 4, scale: 0.5)),
          inputs: ["q", "k", "v"]),
        linear("out", from: "attention"),
      ])
    var state = ExplorerState(
      ModelState(name: "Small ViT", fileName: "small", space: PruningSpace(graph)),
      settings: SearchSettings())
    try state.select("attention")
    #expect(view(state, size: Size(width: 80, height: 24)).text.contains("4 heads"))
    state.press("e G enter")
    let unit = try #require(state.selectedUnits.first)
    #expect(state.model.space.units[unit].kind == .heads && state.run.live.pins[unit])
    #expect(view(state, size: Size(width: 80, height: 24)).text.contains("1/4    head-1/3"))
  }

  @Test func whatPrunesNothingIsNotOffered() throws {
    let library = PatternLibrary(
      try [(1, 2), (3, 4), (2, 3), (9, 10)].map { .tile(try #require(Density($0.0, $0.1))) })
    let space = PruningSpace(try Fixtures.residual(), library: library)
    // Of 16 inputs in blocks of 8, one block or both stay.
    let unit = try #require(space.unit(named: "layer2.down.weights"))
    #expect(space.units[unit].menu.count == 5)
    #expect(space.offers(for: unit, having: .dense).map(\.name) == ["dense", "tile-1/2"])
    let now = try #require(space.units[unit].menu.last)
    #expect(space.offers(for: unit, having: now).contains(now))
  }

  @Test func drawnMaskIsAChoice() throws {
    var state = try Fixtures.ready()
    try state.select("stem")
    // From dense: clear the corners of the first row.
    state.press("e d space right right space enter")
    let unit = state.selectedUnits[0]
    #expect(state.run.live.choices[unit].name == "277")
    #expect(state.run.live.pins[unit])
  }

  @Test func undoAndRedo() throws {
    var state = try Fixtures.searched()
    let before = state.run.live
    try state.select("layer1.conv1")
    state.press("e G enter")
    let edited = state.run.live
    state.press("space")
    state.press("z z")
    #expect(state.run.live == before)
    #expect(!state.run.edits.areUnexported)
    state.press("Z")
    #expect(state.run.live == edited)
    state.press("z")
    #expect(state.press("z").isEmpty)
    #expect(state.screen.notice?.text == "z: nothing to undo yet")
  }

  @Test func undoLeavesOtherUnitsAsTheSearchHasThem() throws {
    var state = try Fixtures.searched()
    try state.select("layer1.conv1")
    let unit = state.selectedUnits[0]
    let old = state.run.live.choices[unit]
    state.press("e G enter")
    let step = Fixtures.step(number: 99, in: state)
    state.take([.search(.step(step))])
    #expect(state.run.live == step.strategy)
    state.press("z")
    #expect(state.run.live.choices[unit] == old)
    for other in state.run.live.choices.indices where other != unit {
      #expect(state.run.live.choices[other] == step.strategy.choices[other])
    }
  }

  @Test func stepsProposedBeforeAPinDoNotTakeItBack() throws {
    var state = try Fixtures.searched()
    let late = Fixtures.step(number: 50, in: state)
    try state.select("stem")
    state.press("space")
    let mine = state.run.live
    state.take([.search(.step(late))])
    #expect(state.run.live == mine)
    #expect(state.run.history.steps == [late])
  }

  @Test func editOfAPastEpisodeGoesLiveWithTodaysPins() throws {
    var state = try Fixtures.searched()
    try state.select("fc")
    try state.select("stem")
    state.press("space")
    let pinned = state.selectedUnits
    let held = pinned.map { state.run.live.choices[$0] }
    state.press("[ [ [")
    let past = state.run.shown
    try state.select("layer2.conv1")
    state.press("space")
    #expect(state.run.viewing == .live)
    for (unit, choice) in zip(pinned, held) { #expect(state.run.live.choices[unit] == choice) }
    for unit in state.run.live.choices.indices where !pinned.contains(unit) {
      #expect(state.run.live.choices[unit] == past.choices[unit])
    }
  }

  @Test func readOnlyRefuses() throws {
    var state = try Fixtures.ready(isReadOnly: true)
    for key in ["space", "e", "p", "n", "x"] {
      #expect(state.press(key).isEmpty)
      #expect(state.screen.notice?.text == "\(key): --readonly forbids changes")
      #expect(state.overlay == nil)
    }
  }
}
