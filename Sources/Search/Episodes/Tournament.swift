internal import Engine
internal import Foundation
internal import Patterns
internal import Threads

/// Offspring of one strategy, judged in stages (successive halving, Jamieson and Talwalkar, arXiv 1502.07943; EvoPress,
/// arXiv 2410.14649): all of them on few images, the best on all.
///
/// All of a stage see the same images, and so did the parent: what counts is the mean difference image by image, which
/// is known far better than either mean. The first images are others in every generation.
struct Tournament: Sendable {
  /// The images, part by part.
  let parts: [Range<Int>]
  /// How many parts each stage has seen in the end: some, then all.
  let stages: [Int]
  /// Candidates of a generation.
  let offspring: Int

  /// The parts of a search's images, if there are so many.
  private static let mostParts = 8
  /// The least images of a part.
  private static let leastImages = 16
  /// The most candidates of a generation.
  private static let mostOffspring = 8

  /// A tournament on so many images, in stages or, if it is not staged, of one candidate on all of them at once.
  ///
  /// - Parameter overhead: what it costs to make a model that is looked at, in images; where that is much, a
  ///   generation has fewer candidates, whose first looks cost about three times what it takes to measure one.
  init(images: Int, overhead: Int = 0, isStaged: Bool = true) {
    let size = max(Self.leastImages, (images + Self.mostParts - 1) / Self.mostParts)
    parts = stride(from: 0, to: images, by: size).map { $0..<min($0 + size, images) }
    stages = (isStaged && parts.count > 2 ? [1] : []) + [parts.count]
    let affordable = 3 * (overhead + images) / max(1, overhead + size)
    offspring = isStaged ? min(Self.mostOffspring, max(4, affordable)) : 1
  }

  /// The images of all parts.
  var images: Int { parts.last?.upperBound ?? 0 }

  /// The outcome of one generation.
  struct Outcome {
    /// One a candidate, by the images that it was looked at on.
    var trials: [Trial]
    /// The candidate that saw all images.
    var winner: Contestant
    /// What the winner gained over the parent.
    var gain: Double
    /// Images looked at, over all candidates.
    var images: Int
  }

  /// A strategy with what each part says of it.
  struct Contestant: Sendable {
    var strategy: Strategy
    var looks: [Look]
    /// See `Measurement.believedDivergence`.
    var believedDivergence: Double?

    /// What all parts say together.
    var look: Look { Look(looks) }

    /// The divergence to believe in.
    var divergence: Double { believedDivergence ?? look.divergence }

    /// The step of a search that came to it.
    ///
    /// - Parameter reward: its score, where nobody learns from it.
    func step(
      in space: PruningSpace, _ latencies: Latencies?, reward: Double? = nil, excess: Double = 0
    ) -> SearchStep {
      var measurement = look.measurement(cost: space.cost(of: strategy))
      measurement.believedDivergence = believedDivergence
      return SearchStep(
        strategy: strategy, measurement: measurement, score: measurement.score,
        reward: reward ?? measurement.score, excess: excess,
        latency: latencies?.share(of: strategy, in: space))
    }
  }

  /// Plays one generation.
  ///
  /// - Parameters:
  ///   - candidates: at least one.
  ///   - gains: what each candidate is expected to gain; nothing if nil.
  ///   - number: of the generation; decides which parts come first.
  /// - Returns: nil if `cancellation` was asked for.
  func play(
    _ candidates: [Strategy], against parent: Contestant, expecting gains: [Double]? = nil,
    number: Int, on workbench: Workbench, _ cancellation: Cancellation?
  ) throws -> Outcome? {
    var looks = [[Int: Look]](repeating: [:], count: candidates.count)
    var corrections = [[Int: Calibration.Correction]?](repeating: nil, count: candidates.count)
    var trials = [Trial?](repeating: nil, count: candidates.count)
    let whole = parent.look
    var left = Array(candidates.indices)
    var spent = 0
    for seen in stages {
      let order = (0..<seen).map { (number + $0) % parts.count }
      let new = left.map { candidate in order.filter { looks[candidate][$0] == nil } }
      let found = try workbench.looks(
        at: zip(left, new).map { candidate, new in
          LookPiece(
            strategy: candidates[candidate], parts: new.map { parts[$0] },
            corrections: corrections[candidate])
        }, cancellation)
      guard let found else { return nil }
      for (place, candidate) in left.enumerated() {
        corrections[candidate] = found[place].corrections
        for (part, look) in zip(new[place], found[place].looks) {
          looks[candidate][part] = look
          spent += look.divergences.count
        }
        let all = order.compactMap { looks[candidate][$0] }
        trials[candidate] = Trial(
          candidates[candidate].choices, Look(all), parent: parent.strategy.choices,
          Look(order.map { parent.looks[$0] }), whole: whole)
      }
      let credible = left.map { trials[$0]?.credible(expected: gains?[$0] ?? 0) ?? 0 }
      left = zip(left, credible).max { $0.1 < $1.1 }.map { [$0.0] } ?? []
    }
    let winner = left[0]
    let gain = trials[winner]?.gain ?? 0
    return Outcome(
      trials: trials.compactMap(\.self),
      winner: Contestant(
        strategy: candidates[winner], looks: parts.indices.compactMap { looks[winner][$0] },
        believedDivergence: parent.divergence * exp(-gain)),
      gain: gain, images: spent)
  }

  /// Looks at a strategy on all images.
  func contestant(
    _ strategy: Strategy, on workbench: Workbench, _ cancellation: Cancellation?
  ) throws -> Contestant? {
    try workbench.looks(at: [LookPiece(strategy: strategy, parts: parts)], cancellation).map {
      Contestant(strategy: strategy, looks: $0[0].looks)
    }
  }
}
