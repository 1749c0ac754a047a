internal import Engine
internal import Patterns
internal import Pruning
internal import Ranks
internal import Synchronization
internal import Threads

/// Choices of which is measured how far each moves the logits by itself.
struct ErrorsPiece: Piece {
  var choices: [UnitChoice]

  func outcome(on workbench: Workbench, _ cancellation: Cancellation?) throws -> [Float]? {
    try workbench.errors(of: choices, cancellation) {}
  }

  /// The most choices that one rank measures before it answers.
  private static let most = 16

  /// All of some choices, in pieces of which every rank gets a few.
  static func pieces(of choices: [UnitChoice], ranks: Int) -> [ErrorsPiece] {
    let size = ranks == 1 ? choices.count : min(most, max(1, choices.count / (4 * ranks)))
    return stride(from: 0, to: choices.count, by: max(size, 1)).map {
      ErrorsPiece(choices: Array(choices[$0..<min($0 + size, choices.count)]))
    }
  }
}

extension Workbench {
  /// Images on which sensitivity is measured: it takes a pass for each choice.
  static let sensitivityImages = 32

  /// How far the logits move by each of some choices alone, in their order: dealt out over the ranks.
  ///
  /// - Parameter progress: called on some thread with the choices measured and those there are.
  /// - Returns: nil if `cancellation` was asked for.
  func measuredErrors(
    of choices: [UnitChoice], _ cancellation: Cancellation?,
    _ progress: @escaping @Sendable (Int, Int) -> Void
  ) throws -> [Float]? {
    let pieces = ErrorsPiece.pieces(of: choices, ranks: ranks.free)
    var told = 0
    let isShared = pieces.count > 1
    let done = Atomic(0)
    return try outcomes(
      of: pieces,
      own: { piece in
        try errors(of: piece.choices, cancellation) {
          if !isShared { progress(done.add(1, ordering: .relaxed).newValue, choices.count) }
        }
      },
      tell: { errors in
        told += errors.count
        if isShared { progress(told, choices.count) }
      })?.flatMap(\.self)
  }

  /// The same on this rank.
  fileprivate func errors(
    of choices: [UnitChoice], _ cancellation: Cancellation?, _ advance: @Sendable () -> Void
  ) throws -> [Float]? {
    guard let calibration, let corrector, !choices.isEmpty else { return [] }
    let matching = try sensitivityMatching.value(Self.sensitivityImages) {
      try StatisticsMatching(
        model,
        calibration: Calibration(
          calibration, images: Self.sensitivityImages, memory: corrector.memory))
    }
    try corrector.prepare(method.correction.decisions)
    let errors = parallelMap(choices.count, threads: evaluator.threads) { index in
      Result {
        if cancellation?.isRequested == true { throw CancellationError() }
        defer { advance() }
        return Float(
          try corrector.outputError(
            of: Strategy(choosing: [choices[index]], in: space), method.correction,
            matching: matching))
      }
    }
    return cancellation?.isRequested == true ? nil : try errors.map { try $0.get() }
  }
}
