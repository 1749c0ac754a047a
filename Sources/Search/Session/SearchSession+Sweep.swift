internal import Engine
internal import Formats
internal import Metrics
public import Patterns
internal import Pruning
public import Threads

extension SearchSession {
  /// The planner's strategy for a target, with the pins that hold, looked at on the images of the search, which is
  /// prepared.
  ///
  /// - Returns: nil if `cancellation` was asked for.
  /// - Throws: `SearchError` if it is of time and choices were never timed.
  public func plan(for target: Target, _ cancellation: Cancellation? = nil) throws -> SearchStep? {
    guard let searcher = preparedSearcher else { throw SearchError("the search is not prepared") }
    let budget = try Budget(
      target, of: workbench.space, searcher.latencies, sensitivity: searcher.sensitivity)
    let strategy = StrategyPrior(budget, pins: searcher.pins).strategy
    if cancellation?.isRequested == true { return nil }
    let images = 0..<min(settings.images, workbench.evaluator.dataset.count)
    guard let looks = try workbench.look(at: strategy, on: [images], cancellation: cancellation)
    else { return nil }
    let measurement = Look(looks).measurement(cost: workbench.space.cost(of: strategy))
    return SearchStep(
      strategy: strategy, measurement: measurement, score: measurement.score,
      reward: measurement.score, excess: budget.excess(of: strategy),
      latency: searcher.latencies?.share(of: strategy, in: workbench.space))
  }

  /// The time of one image of a strategy's model beside the dense one, really measured.
  ///
  /// - Returns: nil if `cancellation` was asked for.
  public func time(
    _ strategy: Strategy, _ cancellation: Cancellation
  ) throws -> LatencyComparison? {
    try LatencyComparison(
      of: workbench.prune(strategy).lowered().model, beside: workbench.model,
      on: workbench.space.engine, rounds: 31, cancellation: cancellation)
  }
}
