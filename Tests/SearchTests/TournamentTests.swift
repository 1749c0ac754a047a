import Foundation
import Patterns
import Pruning
import Tensors
import Testing

@testable import Search

@Suite struct TournamentTests {
  /// Parts cover the images once; stages grow to all of them.
  @Test(arguments: [1, 15, 64, 100, 1000, 5000], [true, false])
  func partsCoverTheImages(images: Int, isStaged: Bool) {
    let tournament = Tournament(images: images, isStaged: isStaged)
    #expect(tournament.parts.flatMap(Array.init) == Array(0..<images))
    #expect(tournament.parts.count <= 16)
    #expect(tournament.stages.last == tournament.parts.count)
    #expect(zip(tournament.stages, tournament.stages.dropFirst()).allSatisfy { 2 * $0 <= $1 })
    #expect(isStaged || tournament.stages.count == 1)
  }

  /// The candidate that saw all images did so beside the parent, and no look is counted twice.
  @Test func aGenerationIsPlayed() throws {
    let workbench = try SmallBench.make()
    let space = workbench.space
    let tournament = Tournament(images: 64)
    let dense = Strategy(denseFor: space)
    let parent = try #require(try tournament.contestant(dense, on: workbench, nil))
    #expect(parent.look.divergence < 1e-9)
    let candidates = space.units.indices.map { unit in
      var strategy = dense
      strategy.choices[unit] = space.units[unit].menu.last ?? .dense
      return strategy
    }
    let outcome = try #require(
      try tournament.play(candidates, against: parent, number: 3, on: workbench, nil))
    #expect(outcome.trials.map(\.choices) == candidates.map(\.choices))
    #expect(outcome.images <= candidates.count * 64)
    let winner = try #require(try workbench.measure(outcome.winner.strategy, images: 64))
    let whole = try #require(try workbench.look(at: outcome.winner.strategy, on: [0..<64]))
    #expect(outcome.winner.look.measurement(cost: winner.cost).accuracy == winner.accuracy)
    #expect(abs(outcome.winner.look.divergence - whole[0].divergence) < 1e-9)
  }

  private func trial(_ child: Look, beside parent: Look) -> Trial {
    Trial([], child, parent: [], parent, whole: parent)
  }

  private func magnitudes(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in abs(generator.normal()) }
  }

  /// A paired look knows a difference that is hidden in the spread of either.
  @Test func aGainIsPaired() {
    let values = magnitudes(64, seed: 1)
    let less = values.map { 0.9 * $0 }
    let trial = trial(
      Look(divergences: less, errors: less, correct: 0),
      beside: Look(divergences: values, errors: values, correct: 0))
    #expect(abs(trial.gain + log(0.9)) < 1e-9)
    #expect(trial.deviation < 0.03)
  }

  /// By how much the divergence gained more than the errors is believed as far as it is sure.
  @Test func aSureDivergenceCounts() {
    let ones = [Double](repeating: 1, count: 64)
    let sure = trial(
      Look(divergences: ones.map { 0.8 * $0 }, errors: ones.map { 0.9 * $0 }, correct: 0),
      beside: Look(divergences: ones, errors: ones, correct: 0))
    #expect(abs(sure.gain + log(0.8)) < 1e-9)
    #expect(sure.deviation < 1e-9)

    // A divergence that one image decides says next to nothing.
    var divergences = ones
    divergences[7] = 40
    let unsure = trial(
      Look(divergences: divergences, errors: ones.map { 0.9 * $0 }, correct: 0),
      beside: Look(divergences: ones, errors: ones, correct: 0))
    #expect(abs(unsure.gain + log(0.9)) < 0.01)
    #expect(unsure.deviation > sure.deviation)
  }
}

@Suite struct LossCriticTests {
  /// From trials of strategies whose true losses are others than expected, the critic learns which they are.
  @Test func itFindsTheLosses() throws {
    let space = try SmallBench.make().space
    var generator = SeededGenerator(seed: 7)
    func table(_ value: () -> Double) -> ChoiceTable<Float> {
      ChoiceTable(of: space) { _, pattern in pattern == .dense ? 0 : Float(value()) }
    }
    let expected = Sensitivity(losses: table { 0.1 + generator.uniform() })
    let factors = table { exp(0.5 * generator.normal()) }
    let trueLosses = space.units.indices.map { unit in
      zip(expected.losses[unit: unit], factors[unit: unit]).map { Double($0 * $1) }
    }
    func drawn() -> [Int] { space.units.map { 1 + generator.index(below: $0.menu.count - 1) } }
    func patterns(_ choices: [Int]) -> [Pattern] {
      zip(space.units, choices).map { $0.menu[$1] }
    }
    func sum(_ losses: [[Double]], _ choices: [Int]) -> Double {
      choices.enumerated().reduce(0) { $0 + losses[$1.offset][$1.element] }
    }
    var critic = LossCritic(space, expected)
    #expect(critic.expected == expected)
    func error(_ sensitivity: Sensitivity) -> Double {
      var test = SeededGenerator(seed: 9)
      let losses = space.units.indices.map { sensitivity.losses[unit: $0].map(Double.init) }
      let errors = (0..<100).map { _ in
        let pair = (0..<2).map { _ in
          space.units.map { 1 + test.index(below: $0.menu.count - 1) }
        }
        return abs(
          log(sum(losses, pair[0]) / sum(losses, pair[1]))
            - log(sum(trueLosses, pair[0]) / sum(trueLosses, pair[1])))
      }
      return errors.reduce(0, +) / 100
    }
    let before = error(critic.expected)
    let same = Look(divergences: [1], errors: [1], correct: 0)
    for _ in 0..<20 {
      let parent = drawn()
      critic.learn(
        (0..<16).map { _ in
          let child = drawn()
          var trial = Trial(
            patterns(child), same, parent: patterns(parent), same, whole: same)
          trial.gain =
            log(sum(trueLosses, parent) / sum(trueLosses, child)) + 0.05 * generator.normal()
          trial.deviation = 0.05
          return trial
        })
    }
    #expect(error(critic.expected) < before / 4)
    // What could be is spread about what is expected, and less than before there were trials.
    let draws = (0..<20).map { _ in error(critic.drawn(using: &generator)) }
    #expect(draws.allSatisfy { $0 < before })
  }
}

@Suite struct SwitchingTests {
  /// Switches stay within the budget, leave pins alone, and keep what was switched if there is any way.
  @Test(arguments: [0.3, 0.5, 0.8])
  func switchesKeepTheBudget(share: Double) throws {
    let workbench = try SmallBench.make()
    let space = workbench.space
    let budget = Budget(
      CostModel(macsOf: space),
      sensitivity: Sensitivity(energyOf: workbench.model, in: space), share: share)
    var pins = Strategy(denseFor: space)
    pins.pins[0] = true
    var parent = budget.repaired(pins)
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<50 {
      let switching = Switching(parent, budget, pins: pins)
      let changes = switching.drawn(using: &generator)
      #expect((1...3).contains(changes.count) && !changes.contains { $0.unit == 0 })
      let child = switching.switching(to: changes)
      #expect(budget.excess(of: child) == 0)
      #expect(child.choices[0] == .dense && child.pins == parent.pins)
      parent = child
    }
  }
}
