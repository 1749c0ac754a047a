import LinearAlgebra
import Testing

@Suite struct MomentSumsTests {
  @Test(arguments: [(1, 5, 0), (1, 200, 3), (7, 9, 1), (3, 4, 2)])
  func momentsAreThoseOfTheDefinition(groups: Int, features: Int, targets: Int) {
    var sums = MomentSums(groups: groups, features: features, targets: targets)
    let rows = 50
    let panel = (0..<rows * sums.width).map { Float(($0 &* 2_654_435_761) >> 7 & 1023) / 512 }
    // In two parts, which must make no difference.
    panel.withUnsafeBufferPointer { panel in
      let split = 20 * sums.width
      sums.add(UnsafeBufferPointer(rebasing: panel[..<split]), threads: 2)
      sums.add(UnsafeBufferPointer(rebasing: panel[split...]), threads: 1)
    }
    #expect(sums.count == rows)
    func column(_ index: Int) -> [Double] {
      let values = (0..<rows).map { Double(panel[$0 * sums.width + index]) }
      let mean = values.reduce(0, +) / Double(rows)
      return values.map { $0 - mean }
    }
    func covariance(_ first: [Double], _ second: [Double]) -> Double {
      zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } / Double(rows)
    }
    for group in 0..<groups {
      let own = (0..<features).map { column(group * features + $0) }
      let found = sums.covariance(ofGroup: group)
      for row in 0..<features {
        for other in 0..<features {
          #expect(abs(found[row, other] - covariance(own[row], own[other])) < 1e-5)
        }
      }
      let cross = sums.targetCovariance(ofGroup: group)
      for target in 0..<targets {
        let values = column(groups * features + group * targets + target)
        for feature in 0..<features {
          let value = cross[target * features + feature]
          #expect(abs(value - covariance(values, own[feature])) < 1e-5)
        }
      }
    }
  }

  @Test func threadsHaveNoInfluence() {
    let results = [1, 2, 5].map { threads in
      var sums = MomentSums(features: 250)
      let panel = (0..<250 * 300).map { Float(($0 &* 48_271) & 4095) / 4096 }
      panel.withUnsafeBufferPointer { sums.add($0, threads: threads) }
      return sums.covariance(ofGroup: 0)
    }
    #expect(results[0] == results[1] && results[1] == results[2])
  }
}
