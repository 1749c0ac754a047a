internal import Tensors

extension Learner {
  /// Learns from one rollout; see `update(_:)` for several.
  @discardableResult
  public mutating func update(_ rollout: Rollout) throws(AgentError) -> UpdateStatistics {
    try update([rollout])
  }

  /// Learns from rollouts that this learner's actions made.
  ///
  /// Several epochs of minibatches over all steps, until the policy has moved as far as `targetKL` allows.
  /// When it throws, the learner is as it was.
  @discardableResult
  public mutating func update(_ rollouts: [Rollout]) throws(AgentError) -> UpdateStatistics {
    let samples = try samples(from: rollouts)
    var next = self
    let statistics = next.learn(from: samples)
    guard next.parameters.isFinite, next.returnScale.isValid else { throw .diverged }
    self = next
    return statistics
  }

  /// A step with what it is worth.
  private struct Sample {
    var observation: Observation
    var action: Action
    var advantage: Float
    var `return`: Float
  }

  private func samples(from rollouts: [Rollout]) throws(AgentError) -> [Sample] {
    var samples: [Sample] = []
    for rollout in rollouts {
      let estimates = Advantages(rollout, discount: settings.discount, lambda: settings.lambda)
      for (index, step) in rollout.steps.enumerated() {
        try step.observation.validate(for: networkSettings)
        try step.action.validate(for: step.observation)
        guard estimates.advantages[index].isFinite, estimates.returns[index].isFinite else {
          throw .unusableRollout("a reward or value at or after step \(index) is not finite")
        }
        samples.append(
          Sample(
            observation: step.observation, action: step.action,
            advantage: estimates.advantages[index], return: estimates.returns[index]))
      }
    }
    guard !samples.isEmpty else { throw .unusableRollout("it has no steps") }
    return samples
  }

  private mutating func learn(from samples: [Sample]) -> UpdateStatistics {
    let oldScale = returnScale
    returnScale.absorb(samples.map(\.return))
    network.value.rescale(from: oldScale, to: returnScale, in: &parameters)
    let advantages = normalized(samples.map(\.advantage))
    let entropyBonus = settings.entropyBonus(after: updateCount)

    var total = UpdateStatistics()
    var stepsUsed: Float = 0
    epochs: for _ in 0..<settings.epochCount {
      let order = generator.permutation(of: samples.count)
      for start in stride(from: 0, to: order.count, by: settings.minibatchSize) {
        let chosen = order[start..<min(start + settings.minibatchSize, order.count)]
        let batch = GraphBatch(chosen.map { samples[$0].observation })
        let tape = Tape<Float>()
        let bound = parameters.bound(to: tape)
        let (logProbabilities, values) = network(batch, bound)
        let objective = PPOLoss(
          batch: batch, targets: targets(chosen, of: samples, advantages, in: batch),
          logProbabilities: logProbabilities, values: values, settings: settings,
          entropyBonus: entropyBonus)
        var statistics = objective.statistics
        if let target = settings.targetKL, statistics.approximateKL > 1.5 * target {
          total.stoppedEarly = true
          break epochs
        }
        var gradients = bound.gradients(in: tape.gradients(of: objective.loss))
        statistics.gradientNorm = clipGlobalNorm(&gradients, to: settings.maximumGradientNorm)
        optimizer.update(&parameters, gradients: gradients)
        total.add(statistics, weight: Float(chosen.count))
        stepsUsed += Float(chosen.count)
      }
    }
    total.divide(by: max(1, stepsUsed))
    total.entropyBonus = entropyBonus
    total.explainedVariance = explainedVariance(of: samples)
    updateCount += 1
    stepCount += samples.count
    return total
  }

  private func targets(
    _ chosen: ArraySlice<Int>, of samples: [Sample], _ advantages: [Float], in batch: GraphBatch
  ) -> PPOLoss.Targets {
    var targets = PPOLoss.Targets()
    var unit = 0
    for index in chosen {
      let sample = samples[index]
      for choice in sample.action.choices {
        let places = batch.choices(of: unit)
        // Validation has made sure that the choice is among the legal ones.
        let place = batch.menuIndices[places].firstIndex(of: choice) ?? places.lowerBound
        targets.chosen.append(place)
        unit += 1
      }
      targets.oldLogProbabilities += sample.action.logProbabilities
      targets.advantages.append(advantages[index])
      targets.returns.append(returnScale.normalized(sample.return))
      targets.oldValues.append(returnScale.normalized(sample.action.value))
    }
    return targets
  }

  /// Shifted to mean 0 and divided by their deviation, but never by less than a tenth of the returns': once
  /// all goes well, advantages hardly differ, and blowing up what is left of them would teach noise.
  private func normalized(_ advantages: [Float]) -> [Float] {
    let mean = advantages.mean
    let deviation = max(advantages.variance.squareRoot(), 0.1 * returnScale.deviation)
    return advantages.map { ($0 - mean) / deviation }
  }

  private func explainedVariance(of samples: [Sample]) -> Float {
    let whole = samples.map(\.return).variance
    // What the values missed is the advantage.
    return whole > 0 ? 1 - samples.map(\.advantage).variance / whole : 0
  }
}

extension Action {
  fileprivate func validate(for observation: Observation) throws(AgentError) {
    guard choices.count == observation.units.count, logProbabilities.count == choices.count else {
      throw .illegalAction(unit: min(choices.count, observation.units.count))
    }
    for (unit, choice) in choices.enumerated() {
      let isLegal = observation.units[unit].isLegal
      guard isLegal.indices.contains(choice), isLegal[choice], logProbabilities[unit].isFinite
      else { throw .illegalAction(unit: unit) }
    }
  }
}

extension UpdateStatistics {
  fileprivate mutating func add(_ other: UpdateStatistics, weight: Float) {
    policyLoss += weight * other.policyLoss
    valueLoss += weight * other.valueLoss
    entropy += weight * other.entropy
    approximateKL += weight * other.approximateKL
    clipFraction += weight * other.clipFraction
    gradientNorm += weight * other.gradientNorm
    minibatchCount += 1
  }

  fileprivate mutating func divide(by weight: Float) {
    policyLoss /= weight
    valueLoss /= weight
    entropy /= weight
    approximateKL /= weight
    clipFraction /= weight
    gradientNorm /= weight
  }
}

extension [Float] {
  fileprivate var mean: Float { reduce(0, +) / Float(count) }

  fileprivate var variance: Float {
    let mean = mean
    return map { ($0 - mean) * ($0 - mean) }.mean
  }
}
