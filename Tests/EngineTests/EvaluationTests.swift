import Engine
import Formats
import Metrics
import ModelGraph
import TestSupport
import Testing

@Suite struct PrefixCacheTests {
  /// A small residual network; the same weights for the same seed but in `fresh` nodes.
  private func network(fresh: [String] = []) throws -> Model {
    var random = RandomModel(seed: 11)
    let model = try random.model(
      input: Shape([3, 12, 12]),
      [
        .conv("a", "input", 12), .node("ra", .relu, "a"),
        .conv("b", "ra", 12), .norm("nb", "b"), .node("add", .add, "nb", "ra"),
        .node("rb", .relu, "add"), .conv("c", "rb", 20, strides: Extent(2, 2)),
        .node("rc", .activation(.silu), "c"), .conv("d", "rc", 20), .node("add2", .add, "d", "rc"),
        .node("pool", .globalAveragePool, "add2"), .node("flat", .flatten, "pool"),
        .node("fc", .linear(Linear(outputFeatures: 10, weight: "fc.weight")), "flat"),
      ])
    var parameters = model.parameters
    for name in fresh {
      parameters["\(name).weight"]?.values.withUnsafeMutableBufferPointer { values in
        for index in values.indices { values[index] = -values[index] }
      }
    }
    return model.replacing(parameters)
  }

  private func dataset(_ count: Int) -> Dataset {
    var random = RandomModel(seed: 12)
    return Dataset(
      images: random.bytes(count * 432), labels: (0..<Int32(count)).map { $0 % 10 },
      shape: Shape([3, 12, 12]))
  }

  @Test(arguments: [1 << 30, 200_000, 20_000, 0])
  func changesAnywhereGiveTheSameBits(capacity: Int) throws {
    let data = dataset(37)
    let cache = PrefixCache(capacity: capacity)
    let cached = Evaluator(data, threads: 2, cache: cache)
    let plain = Evaluator(data, threads: 1)
    for fresh in [[], ["fc"], ["d"], ["d", "fc"], ["a"], [], ["c"], ["b", "d"], []] {
      let program = try Program(network(fresh: fresh), imagesPerPass: 5)
      let expected = try #require(plain.outputs(of: program))
      #expect(try #require(cached.outputs(of: program)) == expected)
      #expect(cache.bytes <= capacity)
    }
  }

  @Test func onlyWhatFollowsTheChangeIsComputed() throws {
    let cache = PrefixCache()
    let evaluator = Evaluator(dataset(40), threads: 2, cache: cache)
    _ = evaluator.accuracy(of: try Program(network()), chunk: 16)
    #expect(cache.restoredImages == 0)
    _ = evaluator.accuracy(of: try Program(network(fresh: ["d"])), chunk: 16)
    #expect(cache.restoredImages == 40)
    // A change of the first layer leaves nothing to start from.
    _ = evaluator.accuracy(of: try Program(network(fresh: ["a"])), chunk: 16)
    #expect(cache.restoredImages == 40)
  }

  @Test func whatWasNotUsedForLongestGoesFirst() throws {
    let evaluator = Evaluator(dataset(8), threads: 1)
    let program = try Program(network(), imagesPerPass: 8)
    let all = PrefixCache()
    _ = Evaluator(evaluator.dataset, threads: 1, cache: all).outputs(of: program)
    // Room for one program's activations in each half.
    let cache = PrefixCache(capacity: all.bytes * 2)
    let cached = Evaluator(evaluator.dataset, threads: 1, cache: cache)
    for fresh in ["a", "b", "a", "c", "a"] {
      _ = cached.outputs(of: try Program(network(fresh: [fresh]), imagesPerPass: 8))
    }
    #expect(cache.bytes <= cache.capacity)
    #expect(cache.restoredImages > 0)
  }
}

@Suite struct RaceTests {
  /// Draws 2,000 images of which `share` are correct, in random order, and runs the race.
  private func isLost(_ share: Double, against incumbent: Double, seed: UInt64) -> Bool {
    var generator = SplitMix(state: seed)
    var images = (0..<2000).map { Double($0) < share * 2000 }
    images.shuffle(using: &generator)
    let race = Race(against: incumbent, confidence: 0.95)
    var seen = Accuracy(correct: 0, images: 0)
    for chunk in stride(from: 0, to: 2000, by: 100) {
      seen.correct += images[chunk..<chunk + 100].count { $0 }
      seen.images += 100
      if race.isLost(seen, of: 2000, looks: 20) { return true }
    }
    return false
  }

  @Test func aWinnerIsHardlyEverTurnedAway() {
    let lost = (0..<400).count { isLost(0.9005, against: 0.9, seed: UInt64($0)) }
    #expect(lost <= 400 / 20)
  }

  @Test func aLoserIsTurnedAway() {
    #expect((0..<50).allSatisfy { isLost(0.7, against: 0.9, seed: UInt64($0)) })
  }

  @Test func itStopsEarly() throws {
    let count = 600
    var random = RandomModel(seed: 3)
    let model = try random.model(
      input: Shape([4]),
      [.node("fc", .linear(Linear(outputFeatures: 3, weight: "w", bias: "b")), "input")])
    let labels = (0..<count).map { _ in Int32(random.integer(0...2)) }
    let evaluator = Evaluator(
      Dataset(images: random.bytes(count * 4), labels: labels, shape: Shape([4])), threads: 2)
    let program = try Program(model)
    let full = try #require(evaluator.accuracy(of: program, chunk: 50))
    let raced = try #require(
      evaluator.accuracy(of: program, chunk: 50, race: Race(against: 0.95)))
    #expect(full.images == count)
    #expect(raced.images < count)
    // Nothing is left out against what is easily beaten.
    let won = evaluator.accuracy(of: program, chunk: 50, race: Race(against: 0.01))
    #expect(won == full)
  }
}
