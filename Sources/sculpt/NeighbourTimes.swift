internal import Engine
internal import Formats
internal import Foundation
internal import Metrics
internal import Patterns
internal import Pruning
internal import Search
internal import Tensors

/// How long a search takes to measure a strategy that differs from the one before in one to three units.
struct NeighbourTimes: Encodable {
  /// Images of the split that are looked at.
  var images: Int
  /// From the strategy to its accuracy, in milliseconds.
  var total: Timings
  /// Milliseconds of it that are not spent on taking those images through the network.
  var beyondInference: Timings
  /// Milliseconds that solving layers took which were wanted for the first time; not in the others.
  var solving: Timings

  /// One line for the user.
  var text: String {
    String(
      format: "an evaluation of a neighbour: %d images: %.3g ms, of which %.3g ms beyond inference "
        + "(%.3g to %.3g); %.3g ms before it to solve new layers",
      images, total.median, beyondInference.median, beyondInference.low, beyondInference.high,
      solving.median)
  }
}

extension Workbench {
  /// Measures a random walk among strategies: so many steps for each number of images.
  func neighbourTimes(images: [Int], steps: Int, seed: UInt64) throws -> [NeighbourTimes] {
    var generator = SeededGenerator(seed: seed)
    var strategy = Strategy(denseFor: space)
    func change(_ unit: Int) {
      strategy.choices[unit] = space.units[unit].menu.randomElement(using: &generator) ?? .dense
    }
    for unit in space.units.indices where Bool.random(using: &generator) { change(unit) }
    _ = try measure(strategy)
    let clock = ContinuousClock()
    return try images.filter { $0 <= evaluator.dataset.count }.map { count in
      var (totals, rests, solving) = ([Double](), [Double](), [Double]())
      for _ in 0..<steps {
        for unit in space.units.indices.shuffled(using: &generator).prefix(
          Int.random(in: 1...3, using: &generator))
        {
          change(unit)
        }
        let next = strategy
        let first = try clock.measure { _ = try prune(next, method.correction.decisions) }.seconds
        let again = try clock.measure { _ = try prune(next, method.correction.decisions) }.seconds
        solving.append(max(0, first - again))
        let start = clock.now
        let program = try compiled(next).program
        let rest = start.duration(to: clock.now).seconds
        _ = evaluator.accuracy(of: program, range: 0..<count)
        totals.append(start.duration(to: clock.now).seconds)
        rests.append(rest)
      }
      return NeighbourTimes(
        images: count, total: Timings(totals.map { $0 * 1e3 }),
        beyondInference: Timings(rests.map { $0 * 1e3 }),
        solving: Timings(solving.map { $0 * 1e3 }))
    }
  }
}
