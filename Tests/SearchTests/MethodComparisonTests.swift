import Foundation
import Metrics
import Patterns
import Testing

@testable import Search

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct SignTestTests {
  /// Golden values of the two-sided binomial test: R's binom.test(7, 8), (8, 8), (5, 10) and (12, 15).
  @Test(arguments: [
    (7, 1, 0.0703125), (8, 0, 0.0078125), (5, 5, 1), (12, 3, 0.03515625), (0, 0, 1),
    (1, 7, 0.0703125),
  ])
  func probabilities(wins: Int, losses: Int, wanted: Double) {
    let pairs = Array(repeating: (0.0, 1.0), count: wins) + Array(repeating: (1, 0), count: losses)
    let test = SignTest(pairs + [(2, 2)])
    #expect(test.wins == wins && test.losses == losses)
    #expect(abs(test.probability - wanted) < 1e-12)
  }

  @Test func mediansOfEvenlyManyAreBetweenTwo() {
    #expect([4.0, 1, 3, 2].median == 2.5 && [3.0, 1, 2].median == 2 && [Double]().median == 0)
  }
}

@Suite struct MethodComparisonTests {
  private func comparison() throws -> MethodComparison {
    let strategy = Strategy(denseFor: try SmallBench.make().space)
    func point(_ images: Int, _ divergence: Double) -> MethodResult.Point {
      let measurement = Search.Measurement(
        cost: Cost(macs: 7, parameters: 3), accuracy: Accuracy(correct: 3, images: 4),
        divergence: divergence)
      return MethodResult.Point(
        images: images,
        best: SearchStep(
          strategy: strategy, measurement: measurement, score: measurement.score, reward: 0,
          excess: 0))
    }
    var comparison = MethodComparison()
    for (method, seed, divergences) in [
      ("agent", 1, [0.5, 0.25]), ("random", 1, [0.75, 0.5]), ("agent", 2, [0.5, 0.375]),
      ("random", 2, [0.5, 0.3125]),
    ] as [(String, UInt64, [Double])] {
      comparison.add(
        MethodResult(
          method: method, seed: seed, evaluations: 2,
          points: [point(8, divergences[0]), point(16, divergences[1])],
          resolved: point(16, 0.125).best.measurement, seconds: 2))
    }
    return comparison
  }

  /// Seeds are paired with each other, whatever came in between.
  @Test func methodsAreComparedSeedBySeed() throws {
    let comparison = try comparison()
    let test = comparison.signTest("agent", against: "random")
    #expect(test.wins == 1 && test.losses == 1)
    #expect(comparison.methods == ["agent", "random"])
    #expect(comparison.divergences(of: "agent") == [0.25, 0.375])
    #expect(comparison.leastDivergence == 0.25)
  }

  @Test func everyPointIsARow() throws {
    let rows = try comparison().csv.split(separator: "\n")
    #expect(rows.count == 9)
    #expect(rows[1] == "agent,1,8,0.500000,0.750000,4,7,,,")
    #expect(rows[4] == "random,1,16,0.500000,0.750000,4,7,0.125000,0.750000,2.00")
  }

  @Test func theDrawingIsWellFormedAndNamesTheMethods() throws {
    for comparison in [try comparison(), MethodComparison()] {
      #expect(XMLParser(data: Data(comparison.svg.utf8)).parse())
    }
    let svg = try comparison().svg
    #expect(svg.contains("agent 0.312") && svg.contains("random 0.406"))
  }
}
