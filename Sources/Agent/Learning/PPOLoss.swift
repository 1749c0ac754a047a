internal import Tensors

/// The clipped objective of PPO (arXiv 1707.06347, eq. 7 and 9) over one minibatch.
///
/// The ratio is clipped for each unit and not for the joint action. With dozens of units the joint ratio, a
/// product of dozens of factors, leaves any fixed range after tiny changes of each: whole steps would lose
/// their gradient together. A factorised policy's likelihood is a product, so that clipping the factors
/// bounds every unit's change on its own, and the bound does not depend on how many there are. Units with
/// one legal choice, pinned ones above all, have nothing to learn and do not count.
struct PPOLoss {
  let loss: Variable<Float>
  var statistics = UpdateStatistics()

  /// The reference of a minibatch.
  struct Targets {
    /// The place of each unit's choice among the batch's legal choices.
    var chosen: [Int] = []
    /// The logarithm of each choice's probability when it was made.
    var oldLogProbabilities: [Float] = []
    /// One normalised advantage a step.
    var advantages: [Float] = []
    /// One return a step, in the value head's units.
    var returns: [Float] = []
    /// One value a step, when the action was made, in the value head's units.
    var oldValues: [Float] = []
  }

  init(
    batch: GraphBatch, targets: Targets, logProbabilities: Variable<Float>,
    values: Variable<Float>, settings: PPOSettings, entropyBonus: Float
  ) {
    let tape = values.tape
    func constant(_ numbers: [Float]) -> Variable<Float> {
      tape.constant(Tensor(shape: [numbers.count], scalars: numbers))
    }
    let isFree = (0..<batch.unitCount).map { batch.choices(of: $0).count > 1 }
    let freeCount = Float(isFree.count { $0 })
    let weights = constant(isFree.map { $0 ? 1 / max(1, freeCount) : 0 })

    let chosen = Segments(targets.chosen, count: batch.menuIndices.count)
    let logRatios =
      logProbabilities.gathered(by: chosen) - constant(targets.oldLogProbabilities)
    let ratios = logRatios.exp()
    let advantages = constant(batch.graphOfUnit.ids.map { targets.advantages[$0] })
    let range = (1 - settings.clip)...(1 + settings.clip)
    let surrogates = (ratios * advantages).minimum(ratios.clamped(to: range) * advantages)
    let policyLoss = -(surrogates * weights).sum()

    let entropies = -(logProbabilities.exp() * logProbabilities)
      .segmentSum(by: batch.unitOfChoice)
    let entropy = (entropies * weights).sum()

    let returns = constant(targets.returns)
    var squares = (values - returns).squared()
    if let clip = settings.valueClip {
      let old = constant(targets.oldValues)
      let clipped = old + (values - old).clamped(to: -clip...clip)
      squares = squares.maximum((clipped - returns).squared())
    }
    let valueLoss = squares.mean() * 0.5

    loss = policyLoss + valueLoss * settings.valueCoefficient - entropy * entropyBonus
    statistics.policyLoss = policyLoss.value.scalar
    statistics.valueLoss = valueLoss.value.scalar
    statistics.entropy = entropy.value.scalar
    statistics.entropyBonus = entropyBonus
    for unit in isFree.indices where isFree[unit] {
      let ratio = ratios.value.scalars[unit]
      statistics.approximateKL += (ratio - 1 - logRatios.value.scalars[unit]) / freeCount
      statistics.clipFraction += range.contains(ratio) ? 0 : 1 / freeCount
    }
  }
}
