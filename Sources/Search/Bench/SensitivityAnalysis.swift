internal import Engine
internal import Formats
public import Patterns
internal import Pruning
internal import Synchronization
public import Threads
internal import Training

extension Workbench {
  /// Images on which sensitivity is measured: it takes a pass for each unit and choice.
  private static let sensitivityImages = 32

  /// The expected loss of every choice: estimated where layers are reconstructed, otherwise measured.
  ///
  /// - Returns: nil if `cancellation` was asked for.
  public func sensitivity(
    cancellation: Cancellation? = nil,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> Sensitivity? {
    guard let corrector else { return Sensitivity(energyOf: model, in: space) }
    guard method.correction.decisions == .reconstructed else {
      return try measuredSensitivity(cancellation: cancellation, progress: progress)
    }
    do {
      let losses = try corrector.expectedErrors(
        method.correction, cancellation: cancellation, progress: progress)
      if losses != nil { corrector.keepVariants() }
      return losses.map { Sensitivity(losses: $0) }
    } catch is TrainingError {
      return try measuredSensitivity(cancellation: cancellation, progress: progress)
    }
  }

  /// How far the logits move when one choice is made and everything else stays dense: the squared
  /// error over the variance of the dense logits, on calibration images, corrected. These
  /// errors add up well over units (see SPDY, arXiv 2201.09871).
  ///
  /// - Parameter progress: called on some thread with the choices measured and those there are.
  /// - Returns: nil if `cancellation` was asked for. Without calibration images, or when nothing is
  ///   to be corrected, the energy of the weights stands in.
  public func measuredSensitivity(
    cancellation: Cancellation? = nil,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> Sensitivity? {
    guard let calibration, let corrector else { return Sensitivity(energyOf: model, in: space) }
    let matching = try StatisticsMatching(
      model,
      calibration: Calibration(
        calibration, images: Self.sensitivityImages, memory: corrector.memory))
    let choices = space.alternatives
    let next = Atomic(0)
    let done = Atomic(0)
    let result = Mutex(
      Result<ChoiceTable<Float>, any Error>.success(ChoiceTable(of: space) { _, _ in 0 }))
    onThreads(evaluator.threads) { [self] in
      while cancellation?.isRequested != true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < choices.count else { return }
        let (unit, choice) = choices[index]
        var strategy = Strategy(denseFor: space)
        strategy.choices[unit] = space.units[unit].menu[choice]
        do {
          let error = try corrector.outputError(
            of: strategy, method.correction, matching: matching)
          result.withLock { result in
            guard case .success(var losses) = result else { return }
            losses[unit: unit, choice: choice] = Float(error)
            result = .success(losses)
          }
        } catch {
          result.withLock { $0 = .failure(error) }
        }
        progress(done.add(1, ordering: .relaxed).newValue, choices.count)
      }
    }
    if cancellation?.isRequested == true { return nil }
    corrector.keepVariants()
    return Sensitivity(losses: try result.withLock { try $0.get() })
  }
}
