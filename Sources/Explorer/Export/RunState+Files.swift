internal import Metrics
package import Patterns
package import Search

extension RunState {
  /// The file of a strategy, with its accuracy where that rests on every image.
  func strategyFile(of strategy: Strategy, in model: ModelState) -> StrategyFile {
    if var file = results[strategy.choices]?.file {
      file.strategy.pins = strategy.pins
      return file
    }
    let measurement = measurement(of: strategy, in: model)
    let accuracy = measurement.flatMap { model.isComplete($0) ? $0.accuracy : nil }
    // The target may have changed since.
    let episode = history.episodes.first { episode in
      episode.steps.contains { $0.strategy.choices == strategy.choices }
    }
    return StrategyFile(
      model: model.name, digest: model.digest, target: episode?.target ?? settings.target,
      seed: settings.seed, method: PruningMethod(sharing: model.space.sharing),
      metrics: .init(model.space.cost(of: strategy), validation: accuracy), strategy: strategy)
  }

  /// The report of a strategy.
  package func report(of strategy: Strategy, in model: ModelState) -> StrategyReport {
    StrategyReport(
      strategyFile(of: strategy, in: model), in: model.space,
      dense: model.baseline.measurement?.accuracy, fineTuned: fineTuned[strategy.choices],
      speedup: model.speedup(of: strategy), losses: model.sensitivity,
      episodes: history.episodes)
  }
}
