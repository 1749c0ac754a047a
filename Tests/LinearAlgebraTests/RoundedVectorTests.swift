import LinearAlgebra
import Testing

@Suite struct RoundedVectorTests {
  @Test(arguments: [0, 1, 7, 2048, 5000])
  func productsAreNearlyThoseOfTheNumbers(count: Int) {
    let values = (0..<count).map { Float(($0 * 7919) % 1000) / 500 - 1 }
    let others = (0..<count).map { Float(($0 * 104_729) % 1000) / 500 - 1 }
    let rounded = RoundedVector(values)
    #expect(zip(rounded.values, values).allSatisfy { abs($0 - $1) <= 1.1 / 65534 })
    let expected = zip(values, others).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(Double(rounded.dot(others)) - expected) <= 1e-5 * Double(count))
  }

  @Test func zerosStay() {
    #expect(RoundedVector([0, 0]).values == [0, 0])
    #expect(RoundedVector([0, 0]).dot([1, 2]) == 0)
    #expect(RoundedVector([-2, 1, 2]).values.first == -2)
  }
}
