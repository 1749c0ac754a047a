import Foundation
import Tensors
import Testing

// The expected bits were printed by this recipe (Python 3), whose last line is also SplitMix64's published
// first output for the seed 1234567:
//
// M = 2**64 - 1
// def mix(s):
//     s = (s + 0x9e3779b97f4a7c15) & M; z = s
//     z = ((z ^ z >> 30) * 0xbf58476d1ce4e5b9) & M; z = ((z ^ z >> 27) * 0x94d049bb133111eb) & M
//     return s, z ^ z >> 31
// def rotl(x, k): return (x << k | x >> (64 - k)) & M
// s, state = 42, []
// for _ in range(4):
//     s, o = mix(s); state.append(o)
// out = []
// for _ in range(5):
//     out.append(rotl(state[1] * 5 & M, 7) * 9 & M); t = state[1] << 17 & M
//     state[2] ^= state[0]; state[3] ^= state[1]; state[1] ^= state[2]; state[0] ^= state[3]
//     state[2] ^= t; state[3] = rotl(state[3], 45)
// print("   ", out)
// print(mix(1234567)[1])

@Suite struct SeededGeneratorTests {
  @Test func agreesWithTheIndependentRecipe() {
    var generator = SeededGenerator(seed: 42)
    #expect(
      (0..<5).map { _ in generator.next() } == [
        1_546_998_764_402_558_742, 6_990_951_692_964_543_102, 12_544_586_762_248_559_009,
        17_057_574_109_182_124_193, 18_295_552_978_065_317_476,
      ])
  }

  @Test func goesOnIdenticallyAfterBeingStored() throws {
    var generator = SeededGenerator(seed: 1)
    _ = generator.next()
    var restored = try JSONDecoder().decode(
      SeededGenerator.self, from: JSONEncoder().encode(generator))
    #expect((0..<100).allSatisfy { _ in generator.next() == restored.next() })
  }

  @Test func refusesTheStateThatYieldsOnlyZeros() {
    let zeros = Data(#"{"state0":0,"state1":0,"state2":0,"state3":0}"#.utf8)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(SeededGenerator.self, from: zeros)
    }
  }

  /// Means over 100 000 draws lie within five standard errors.
  @Test func momentsAreThoseOfTheDistributions() {
    var generator = SeededGenerator(seed: 2)
    let count = 100_000
    let uniforms = (0..<count).map { _ in generator.uniform() }
    let normals = (0..<count).map { _ in generator.normal() }
    let error = 5 / Double(count).squareRoot()
    #expect(uniforms.allSatisfy { 0 <= $0 && $0 < 1 })
    #expect(abs(uniforms.reduce(0, +) / Double(count) - 0.5) < error * (1.0 / 12).squareRoot())
    #expect(abs(normals.reduce(0, +) / Double(count)) < error)
    let squares = normals.reduce(0) { $0 + $1 * $1 } / Double(count)
    #expect(abs(squares - 1) < error * 2.0.squareRoot())
  }

  @Test func categoricalFollowsItsWeightsAndSkipsZeros() {
    var generator = SeededGenerator(seed: 3)
    let weights: [Float] = [0, 1, 0, 3, 4, 0]
    var counts = weights.map { _ in 0.0 }
    let draws = 80_000.0
    for _ in 0..<Int(draws) { counts[generator.categorical(weights)] += 1 }
    for (count, weight) in zip(counts, weights) {
      let share = Double(weight) / 8
      #expect(abs(count / draws - share) <= 5 * (share * (1 - share) / draws).squareRoot())
    }
  }

  @Test(arguments: [1, 2, 3, 7, 1000])
  func indicesCoverTheirRangeAndPermutationsHoldEachOnce(bound: Int) {
    var generator = SeededGenerator(seed: 4)
    let indices = (0..<(20 * bound)).map { _ in generator.index(below: bound) }
    #expect(indices.allSatisfy((0..<bound).contains))
    #expect(Set(indices).count > bound / 2)
    #expect(generator.permutation(of: bound).sorted() == Array(0..<bound))
  }
}
