internal import Engine
internal import Formats
internal import Metrics
internal import Patterns
public import Threads

extension Workbench {
  /// Steps that are measured on every image at the end of a search.
  public static let finalists = 5

  /// The best of the most promising steps, each measured on every image of the split, or as far as it can win.
  ///
  /// - Parameters:
  ///   - steps: at least one.
  ///   - tell: called with each finalist as it was measured, its number, and how many there are.
  /// - Returns: nil if `cancellation` was asked for.
  public func best(
    of steps: [SearchStep], cancellation: Cancellation? = nil,
    tell: (SearchStep, Int, Int) -> Void = { _, _, _ in }
  ) throws -> SearchStep? {
    var seen: Set<Strategy> = []
    let promising = steps.sorted { $0.score > $1.score }.filter {
      seen.insert($0.strategy).inserted
    }.prefix(Self.finalists)
    var best: SearchStep?
    for (place, step) in promising.enumerated() {
      let found = best?.measurement.accuracy.fraction
      guard
        let measured = try whole(step, race: found.map { Race(against: $0) }, cancellation)
      else { return nil }
      tell(measured, place + 1, promising.count)
      // One that could not win any more was not measured to the end.
      let isWhole = measured.measurement.accuracy.images == evaluator.dataset.count
      if found.map({ isWhole && measured.measurement.accuracy.fraction > $0 }) ?? true {
        best = measured
      }
    }
    return best
  }

  /// A step measured on every image; nil if `cancellation` was asked for.
  func whole(
    _ step: SearchStep, race: Race? = nil, _ cancellation: Cancellation?
  ) throws -> SearchStep? {
    guard step.measurement.accuracy.images < evaluator.dataset.count else { return step }
    var step = step
    guard let measurement = try measure(step.strategy, race: race, cancellation: cancellation)
    else { return nil }
    step.measurement = measurement
    return step
  }
}
