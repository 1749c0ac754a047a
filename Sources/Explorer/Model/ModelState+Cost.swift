internal import ModelGraph
package import Patterns
package import Search

extension ModelState {
  /// The MACs of a strategy, as a share of the dense ones.
  package func share(of strategy: Strategy) -> Double {
    Double(space.cost(of: strategy).macs) / Double(max(space.denseCost.macs, 1))
  }

  /// The share of a resource that a strategy keeps; nil if choices were not timed yet.
  package func share(of strategy: Strategy, _ resource: Target.Resource) -> Double? {
    switch resource {
    case .macs: share(of: strategy)
    case .latency: latencies?.share(of: strategy, in: space)
    }
  }

  /// The share of a resource that a step keeps; nil if choices were not timed yet.
  package func share(of step: SearchStep, _ resource: Target.Resource) -> Double? {
    switch resource {
    case .macs: Double(step.measurement.cost.macs) / Double(max(space.denseCost.macs, 1))
    case .latency: step.latency
    }
  }

  /// A step with its predicted time, where that was not known when it was taken, by this version or an older one.
  func timed(_ step: SearchStep) -> SearchStep {
    var step = step
    step.latency = step.latency ?? share(of: step.strategy, .latency)
    return step
  }

  /// An episode with the predicted time of each step.
  func timed(_ episode: Episode) -> Episode {
    var episode = episode
    episode.steps = episode.steps.map(timed)
    return episode
  }

  /// How many times faster than the dense model a strategy is predicted to be; nil if unknown, as with masks
  /// that were drawn.
  package func speedup(of strategy: Strategy) -> Double? {
    guard let latencies,
      zip(space.units, strategy.choices).allSatisfy({ $0.menu.contains($1) })
    else { return nil }
    let share = latencies.share(of: strategy, in: space)
    return share > 0 ? 1 / share : nil
  }

  /// The share of the dense MACs that an engine of dense operators runs: masks are dense there but for boxes.
  package func removableShare(of strategy: Strategy) -> Double {
    var strategy = strategy
    for (unit, choice) in strategy.choices.enumerated() where !choice.pays(on: .onnx) {
      strategy.choices[unit] = .dense
    }
    return share(of: strategy)
  }
}
