import ModelGraph
import Tensors
import Testing

/// Operators that ask for threads while others compute, as several trainings in one process do.
@Suite struct ThreadTeamTests {
  @Test func computationsAtTheSameTimeDoNotDisturbEachOther() async {
    let shape = [8, 6, 6, 16]
    var generator = SeededGenerator(seed: 5)
    let images: Tensor<Float> = generator.normalTensor(shape: shape, deviation: 1)
    let weight: Tensor<Float> = generator.normalTensor(shape: [16, 16, 3, 3], deviation: 1)
    @Sendable func gradient(threads: Int) -> [Tensor<Float>] {
      let tape = Tape<Float>(threads: threads)
      let (x, w) = (tape.variable(images), tape.variable(weight))
      let loss = x.convolved(with: w).activated(by: .gelu(isApproximate: false)).sum()
      let gradients = tape.gradients(of: loss)
      return [gradients[x], gradients[w]]
    }
    let expected = gradient(threads: 1)
    await withTaskGroup(of: Bool.self) { group in
      for task in 0..<8 {
        group.addTask {
          (0..<50).allSatisfy { _ in gradient(threads: 1 + task % 4) == expected }
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
