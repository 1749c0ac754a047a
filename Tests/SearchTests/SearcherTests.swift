import Engine
import Formats
import Foundation
import Metrics
import ModelGraph
import Patterns
import Pruning
import Testing
import Threads

@testable import Search

@Suite struct SearcherTests {
  let workbench: Workbench
  let settings: SearchSettings
  let sensitivity: Sensitivity

  init() throws {
    workbench = try SmallBench.make()
    var settings = SearchSettings()
    settings.seed = 1
    self.settings = settings
    sensitivity = Sensitivity(energyOf: workbench.model, in: workbench.space)
  }

  private func play(_ searcher: inout Searcher, episodes: Int) throws {
    while searcher.episodes.count < episodes { _ = try searcher.step() }
  }

  @Test func theDenseModelAgreesWithItself() throws {
    let dense = try #require(try workbench.measure(Strategy(denseFor: workbench.space)))
    #expect(dense.accuracy == Accuracy(correct: 64, images: 64))
    #expect(Set(workbench.evaluator.dataset.labels).count == 4)
  }

  @Test func theSameSeedGivesTheSameRun() throws {
    var first = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    var second = first
    try play(&first, episodes: 10)
    try play(&second, episodes: 10)
    #expect(first.episodes == second.episodes)
    var other = settings
    other.seed = 2
    var third = try Searcher(workbench, settings: other, sensitivity: sensitivity)
    try play(&third, episodes: 10)
    #expect(third.episodes != first.episodes)
  }

  @Test(arguments: [0.2, 0.5, 0.8])
  func everyStepKeepsTheBudget(share: Double) throws {
    var settings = settings
    settings.target = Target(share)
    var searcher = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    try play(&searcher, episodes: 6)
    for step in searcher.episodes.flatMap(\.steps) {
      let kept = Double(step.measurement.cost.macs) / Double(workbench.space.denseCost.macs)
      #expect(kept <= share)
      #expect(step.measurement.cost == workbench.space.cost(of: step.strategy))
    }
  }

  /// What the agent changes outlives the repair, and what is known already is not measured again.
  @Test func stepsExplore() throws {
    var settings = settings
    settings.target = Target(0.4)
    var searcher = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    try play(&searcher, episodes: 10)
    let steps = searcher.episodes.flatMap(\.steps)
    #expect(Set(steps.map(\.strategy.choices)).count > steps.count * 3 / 4)
    // An episode begins at the best strategy so far, so the best is never lost.
    let bests = searcher.episodes.map(\.score)
    #expect(searcher.episodes.allSatisfy { $0.best.score == $0.steps.map(\.score).max() })
    #expect(bests.max() == steps.map(\.score).max())
  }

  @Test func aScoreFallsWithDivergence() throws {
    let space = workbench.space
    func measured(_ strategy: Strategy) throws -> Search.Measurement {
      let looks = try #require(try workbench.look(at: strategy, on: [0..<50]))
      return Look(looks).measurement(cost: space.cost(of: strategy))
    }
    let dense = try measured(Strategy(denseFor: space))
    #expect(abs(dense.divergence ?? 1) < 1e-9)
    var strategy = Strategy(denseFor: space)
    for unit in space.units.indices {
      strategy.choices[unit] = space.units[unit].menu.last ?? .dense
    }
    let plain = try #require(try workbench.measure(strategy, images: 50))
    #expect(plain.divergence == nil)
    let judged = try measured(strategy)
    #expect(judged.accuracy == plain.accuracy)
    let logits = { (model: Model) throws -> [Float] in
      let all = workbench.evaluator.outputs(of: try Program(model), range: 0..<50)
      return try #require(all)
    }
    let wanted = LogitDistance(
      try logits(workbench.prune(strategy).model), from: try logits(workbench.model), classes: 4)
    #expect(abs((judged.divergence ?? 0) - wanted.divergence) < 1e-6 && wanted.divergence > 0)
    #expect(abs(log(judged.score) + (judged.divergence ?? 0)) < 1e-12)
    #expect(plain.score == plain.accuracy.fraction)
  }

  @Test func pinsAreNeverChanged() throws {
    var searcher = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    try play(&searcher, episodes: 2)
    var pins = Strategy(denseFor: workbench.space)
    let custom = Pattern.masks([try #require(TapMask("525", kernel: Extent(3, 3)))])
    let taps = try #require(workbench.space.unit(named: "b.taps"))
    let channels = try #require(workbench.space.unit(named: "a.channels"))
    pins.choices[taps] = custom
    pins.pins[taps] = true
    pins.pins[channels] = true
    searcher.pin(pins)
    try play(&searcher, episodes: 8)
    for step in searcher.episodes.dropFirst(2).flatMap(\.steps) {
      #expect(step.strategy.choices[taps] == custom && step.strategy.pins[taps])
      #expect(step.strategy.choices[channels] == .dense && step.strategy.pins[channels])
    }
  }

  @Test func aCancelledStepLeavesNoTrace() throws {
    var searcher = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    try play(&searcher, episodes: 1)
    var undisturbed = searcher
    let cancellation = Cancellation()
    cancellation.request()
    let outcome = try searcher.step(cancellation: cancellation)
    #expect(outcome == nil)
    try play(&searcher, episodes: 4)
    try play(&undisturbed, episodes: 4)
    #expect(searcher.episodes == undisturbed.episodes)
  }

  @Test func theFrontIsNotDominated() throws {
    var searcher = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    try play(&searcher, episodes: 6)
    let front = searcher.front.steps.map(\.measurement)
    for (cheap, dear) in zip(front, front.dropFirst()) {
      #expect(cheap.cost.macs < dear.cost.macs)
      #expect(cheap.accuracy.fraction < dear.accuracy.fraction)
    }
    let best = searcher.episodes.flatMap(\.steps).map(\.measurement.accuracy.fraction).max()
    #expect(front.last?.accuracy.fraction == best)
  }

  /// A part that is left out changes what the agent proposes, and nothing else.
  @Test(arguments: AgentPart.allCases)
  func theAgentWithoutAPart(part: AgentPart) throws {
    var whole = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    var lessened = try Searcher(
      workbench, settings: settings, sensitivity: sensitivity, without: part)
    try play(&whole, episodes: 2)
    try play(&lessened, episodes: 2)
    let steps = lessened.episodes.flatMap(\.steps)
    #expect(steps.map(\.strategy) != whole.episodes.flatMap(\.steps).map(\.strategy))
    for step in steps {
      #expect(2 * step.measurement.cost.macs <= workbench.space.denseCost.macs)
    }
    // 64 images are all that there are.
    #expect((lessened.imagesSpent == 64 * steps.count) == (part == .stages))
  }

  /// By trying every threshold, the least first.
  @Test(arguments: [0.3, 0.5, 0.8]) func aThresholdIsTheLeastThatFits(share: Double) throws {
    let space = workbench.space
    let budget = Budget(CostModel(macsOf: space), sensitivity: sensitivity, share: share)
    let thresholds = space.units.indices.flatMap { sensitivity.losses[unit: $0] }
    var strategy = Strategy(denseFor: space)
    for threshold in thresholds.sorted() where budget.excess(of: strategy) > 0 {
      for (unit, menu) in space.units.map(\.menu).enumerated() {
        for pattern in menu {
          let choice = try #require(menu.firstIndex(of: pattern))
          guard sensitivity.losses[unit: unit, choice: choice] <= threshold else { continue }
          var cheaper = Strategy(denseFor: space)
          cheaper.choices[unit] = strategy.choices[unit]
          let kept = budget.costs.cost(of: cheaper)
          cheaper.choices[unit] = pattern
          if budget.costs.cost(of: cheaper) < kept { strategy.choices[unit] = pattern }
        }
      }
    }
    #expect(Baseline.thresholdStrategy(budget) == budget.repaired(strategy))
  }

  @Test(arguments: Baseline.allCases)
  func baselinesKeepTheBudget(baseline: Baseline) throws {
    let steps = try baseline.run(
      workbench, settings: settings, sensitivity: sensitivity, images: 20 * 64)
    #expect(!steps.isEmpty && steps.count <= 20)
    for step in steps {
      #expect(2 * step.measurement.cost.macs <= workbench.space.denseCost.macs)
    }
    // What is known already would be an evaluation wasted.
    guard baseline != .random else { return }
    #expect(Set(steps.map(\.strategy)).count == steps.count)
  }
}
