import Foundation
import Tensors
import Testing
import Training

@Suite struct ExponentialMovingAverageTests {
  /// Against the sum it stands for, in `Double`.
  @Test(arguments: [0.5, 0.9, 0.999] as [Float])
  func isTheWeightedMean(decay: Float) {
    var generator = SeededGenerator(seed: 2)
    var parameters = generator.parameters()
    var statistics = ["norm.mean": generator.tensor(3)]
    var average = ExponentialMovingAverage(
      decay: decay, parameters: parameters, statistics: statistics)
    var expected = (parameters.tensors + statistics.values).flatMap { $0.scalars.map(Double.init) }
    for step in 0..<200 {
      parameters = generator.parameters()
      statistics = ["norm.mean": generator.tensor(3)]
      average.update(parameters, statistics: statistics)
      let kept = min(Double(decay), Double(1 + step) / Double(10 + step))
      let values = (parameters.tensors + statistics.values).flatMap(\.scalars)
      expected = zip(expected, values).map { kept * $0 + (1 - kept) * Double($1) }
    }
    let found = (average.parameters.tensors + average.statistics.values).flatMap(\.scalars)
    #expect(agree(found, expected.map { Float($0) }, tolerance: 1e-4))
    #expect(average.updateCount == 200)
  }
}
