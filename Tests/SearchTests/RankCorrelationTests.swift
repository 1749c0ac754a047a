import Metrics
import Testing

@Suite struct RankCorrelationTests {
  /// As SciPy 1.14's `spearmanr` has them.
  @Test func isSpearmans() {
    #expect(abs(rankCorrelation([(1, 5), (2, 6), (3, 7), (4, 8), (5, 7)]) - 0.820_782_68) < 1e-6)
    #expect(rankCorrelation([(1, 3), (2, 2), (3, 1)]) == -1)
    #expect(rankCorrelation([(1, 1), (10, 2), (100, 30)]) == 1)
  }
}
