internal import Tensors

extension SeededGenerator {
  /// The generator at a path of numbers below a seed, as in epoch 3, batch 7: it depends on nothing that
  /// was drawn before.
  init(seed: UInt64, path: [Int]) {
    var state = seed
    for number in path {
      var generator = SeededGenerator(
        seed: state ^ (UInt64(bitPattern: Int64(number)) &* 0xd6e8_feb8_6659_fd93))
      state = generator.next()
    }
    self.init(seed: state)
  }
}
