import Tensors
import Testing

@testable import Training

@Suite struct AugmentationTests {
  private static let draws = 20_000

  private func changes(_ augmentation: Augmentation) -> [ImageChange] {
    var generator = SeededGenerator(seed: 5)
    return (0..<Self.draws).map { _ in
      augmentation.change(height: 28, width: 20, using: &generator)
    }
  }

  /// Whether `count` of all draws is what a probability leads to, to five standard deviations.
  private func isLikely(_ count: Int, _ probability: Double) -> Bool {
    let expected = probability * Double(Self.draws)
    return abs(Double(count) - expected) < 5 * (expected * (1 - probability)).squareRoot()
  }

  @Test func cropsAreUniform() {
    let changes = changes(Augmentation(crop: 2))
    for shift in -2...2 {
      #expect(isLikely(changes.count { $0.rowShift == shift }, 0.2))
      #expect(isLikely(changes.count { $0.columnShift == shift }, 0.2))
    }
    #expect(isLikely(changes.count { $0.rowShift == 1 && $0.columnShift == -2 }, 0.04))
    #expect(changes.allSatisfy { !$0.isFlipped && $0.holeRows.isEmpty })
  }

  @Test func halfAreFlipped() {
    #expect(isLikely(changes(Augmentation(isFlipping: true)).count(where: \.isFlipped), 0.5))
  }

  @Test func holesAreSquaresClippedAtTheBorder() {
    let changes = changes(Augmentation(cutout: 8))
    #expect(changes.allSatisfy { $0.holeRows.clamped(to: 0..<28) == $0.holeRows })
    #expect(changes.allSatisfy { $0.holeColumns.clamped(to: 0..<20) == $0.holeColumns })
    #expect(changes.allSatisfy { (4...8).contains($0.holeRows.count) })
    // The centre is in 4...24 of 28 rows and 4...16 of 20 columns if nothing is clipped.
    #expect(isLikely(changes.count { $0.holeRows.count == 8 }, 21.0 / 28))
    #expect(isLikely(changes.count { $0.holeColumns.count == 8 }, 13.0 / 20))
  }

  @Test func nothingIsTheDefault() {
    #expect(
      changes(Augmentation()).allSatisfy {
        $0.rowShift == 0 && $0.columnShift == 0 && !$0.isFlipped && $0.holeRows.isEmpty
      })
  }

  /// Mean 1/2 and variance 1 / (4 (2 alpha + 1)) of Beta(alpha, alpha).
  @Test(arguments: [0.001, 0.1, 0.2, 0.4, 1, 2.5, 100])
  func sharesAreOfTheBetaDistribution(alpha: Double) {
    var generator = SeededGenerator(seed: 6)
    let shares = (0..<Self.draws).map { _ in generator.beta(alpha) }
    #expect(shares.allSatisfy { 0 <= $0 && $0 <= 1 })
    let mean = shares.reduce(0, +) / Double(Self.draws)
    let variance = shares.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / Double(Self.draws)
    let expected = 1 / (4 * (2 * alpha + 1))
    #expect(abs(mean - 0.5) < 5 * (expected / Double(Self.draws)).squareRoot())
    #expect(abs(variance / expected - 1) < 0.05)
  }
}
