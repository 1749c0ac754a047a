import Engine
import Metrics
import Patterns
import Search
import TestSupport
import Testing

@Suite struct ParetoFrontTests {
  private static let strategy = Result { Strategy(denseFor: try SmallBench.make().space) }

  private static func step(macs: Int, correct: Int, latency: Double?) throws -> SearchStep {
    SearchStep(
      strategy: try strategy.get(),
      measurement: Measurement(
        cost: Cost(macs: macs, parameters: 0), accuracy: Accuracy(correct: correct, images: 100)),
      score: 0, reward: 0, excess: 0, latency: latency)
  }

  /// The front is what no other step beats, whatever the order in which the steps come.
  @Test(arguments: [Target.Resource.macs, .latency], 0..<20)
  func itHoldsWhatNoOtherBeats(resource: Target.Resource, seed: Int) throws {
    var generator = SmallNetwork.Generator(state: UInt64(seed))
    let steps = try (0..<40).map { _ in
      try Self.step(
        macs: .random(in: 1...12, using: &generator),
        correct: .random(in: 1...12, using: &generator),
        latency: Bool.random(using: &generator)
          ? Double(Int.random(in: 1...12, using: &generator)) : nil)
    }
    let front = ParetoFront(of: resource, among: steps)

    func place(_ step: SearchStep) -> (cost: Double, accuracy: Double)? {
      step.cost(of: resource).map { ($0, step.measurement.accuracy.fraction) }
    }
    let places = steps.compactMap(place)
    let unbeaten = places.filter { one in
      !places.contains {
        $0.cost <= one.cost && $0.accuracy >= one.accuracy && $0 != one
      }
    }
    let expected = Set(unbeaten.map { [$0.cost, $0.accuracy] })
    #expect(Set(front.steps.compactMap(place).map { [$0.cost, $0.accuracy] }) == expected)
    #expect(front.steps.count == expected.count)
    for (one, next) in zip(front.steps, front.steps.dropFirst()) {
      #expect(place(one)?.cost ?? 0 < place(next)?.cost ?? 0)
      #expect(place(one)?.accuracy ?? 0 < place(next)?.accuracy ?? 0)
    }
    let others = ParetoFront(of: resource, among: steps.shuffled(using: &generator))
    #expect(Set(others.steps.compactMap(place).map { [$0.cost, $0.accuracy] }) == expected)
  }

  @Test func insertingTellsWhetherTheStepIsKept() throws {
    var front = ParetoFront(of: .latency)
    let unknown = try front.insert(Self.step(macs: 1, correct: 9, latency: nil))
    #expect(!unknown)
    let first = try front.insert(Self.step(macs: 5, correct: 5, latency: 5))
    #expect(first)
    let equal = try front.insert(Self.step(macs: 1, correct: 5, latency: 5))
    #expect(!equal)
    let better = try front.insert(Self.step(macs: 9, correct: 6, latency: 4))
    #expect(better)
    #expect(front.steps.count == 1)
  }
}
