internal import Engine
internal import Formats
internal import Metrics
internal import Patterns
internal import Pruning
internal import Ranks
internal import Threads

/// A strategy, or the dense model without one, and chunks of images of which is counted how many it recognises.
struct RecognitionPiece: Piece {
  var strategy: Strategy?
  var chunks: [Range<Int>]

  func outcome(on workbench: Workbench, _ cancellation: Cancellation?) throws -> [Int]? {
    let program =
      try strategy.map { try workbench.compiled($0).program } ?? workbench.denseProgram()
    let evaluator = workbench.evaluator
    var counts: [Int] = []
    for chunk in chunks {
      let outputs = evaluator.outputs(of: program, range: chunk, cancellation: cancellation)
      guard let outputs else { return nil }
      counts.append(Accuracy.correct(outputs, labels: evaluator.dataset.labels[chunk]))
    }
    return counts
  }
}

extension Workbench {
  /// Images after which a race is judged.
  private static let chunk = 500

  /// The accuracy of a strategy, or of the dense model without one, on the first images of the split, which the ranks
  /// share. A race ends after as many images as on one rank, though some more may have been looked at.
  ///
  /// - Returns: nil if `cancellation` was asked for.
  func sharedAccuracy(
    of strategy: Strategy?, images: Int, race: Race? = nil, cancellation: Cancellation?,
    progress: (Accuracy) -> Void
  ) throws -> Accuracy? {
    let chunks = stride(from: 0, to: images, by: Self.chunk).map {
      $0..<min($0 + Self.chunk, images)
    }
    var rest = chunks[...]
    var size = race == nil ? chunks.count : ranks.free
    var total = Accuracy(correct: 0, images: 0)
    while !rest.isEmpty {
      let round = Array(rest.prefix(size))
      rest = rest.dropFirst(size)
      size *= 2
      let shares = min(ranks.free, round.count)
      let pieces = (0..<shares).map { share in
        RecognitionPiece(
          strategy: strategy,
          chunks: Array(
            round[round.count * share / shares..<round.count * (share + 1) / shares]))
      }
      guard let counts = try outcomes(of: pieces, cancellation)?.joined() else { return nil }
      for (chunk, count) in zip(round, counts) {
        total.correct += count
        total.images += chunk.count
        progress(total)
        if let race, race.isLost(total, of: images, looks: chunks.count) { return total }
      }
    }
    return total
  }
}
