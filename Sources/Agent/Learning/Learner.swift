internal import Tensors

/// A policy that acts, and learns from what comes of it by proximal policy optimisation.
///
/// A learner is a value: a copy is a snapshot, and the same learner with the same observations makes the
/// same actions and learns the same, bit for bit.
public struct Learner: Sendable {
  /// The size of the network.
  public let networkSettings: NetworkSettings
  /// How it learns; may be changed between updates.
  public var settings: PPOSettings {
    didSet { optimizer.learningRate = settings.learningRate }
  }
  /// The updates made so far.
  public internal(set) var updateCount = 0
  /// The steps learned from so far.
  public internal(set) var stepCount = 0

  let network: PolicyNetwork
  var parameters: Parameters
  var optimizer: Adam
  var generator: SeededGenerator
  var returnScale = ReturnScale()

  /// Creates a learner whose policy is the prior, with weights drawn from `seed`.
  public init(
    network networkSettings: NetworkSettings, ppo settings: PPOSettings = PPOSettings(),
    seed: UInt64
  ) throws(AgentError) {
    guard networkSettings.isValid else {
      throw .invalidSettings(
        "a network of width \(networkSettings.width) with \(networkSettings.headCount) heads,"
          + " \(networkSettings.layerCount) layers, \(networkSettings.nodeFeatureCount) node and"
          + " \(networkSettings.choiceFeatureCount) choice features")
    }
    if let fault = settings.fault { throw .invalidSettings(fault) }
    self.networkSettings = networkSettings
    self.settings = settings
    generator = SeededGenerator(seed: seed)
    parameters = Parameters()
    network = PolicyNetwork(networkSettings, in: &parameters, using: &generator)
    optimizer = Adam(learningRate: settings.learningRate, epsilon: 1e-5)
  }

  /// The number of weights.
  public var weightCount: Int { parameters.scalarCount }

  /// Chooses for every unit. Sampling advances the generator by one number a unit, also for pinned ones.
  public mutating func act(
    _ observation: Observation, mode: ActionMode
  ) throws(AgentError) -> Action {
    let (batch, logProbabilities, value) = try judge(observation)
    return action(batch, logProbabilities, value, mode)
  }

  /// Draws several actions independently, for one look at the observation.
  public mutating func act(
    _ observation: Observation, count: Int
  ) throws(AgentError) -> [Action] {
    let (batch, logProbabilities, value) = try judge(observation)
    var actions: [Action] = []
    for _ in 0..<count { actions.append(action(batch, logProbabilities, value, .sample)) }
    return actions
  }

  private mutating func action(
    _ batch: GraphBatch, _ logProbabilities: [Float], _ value: Float, _ mode: ActionMode
  ) -> Action {
    var action = Action(choices: [], logProbabilities: [], value: value, entropy: 0)
    for unit in 0..<batch.unitCount {
      let choices = batch.choices(of: unit)
      let probabilities = logProbabilities[choices].map(Float.exp)
      action.entropy += entropy(of: logProbabilities[choices])
      let place =
        switch mode {
        case .sample: generator.categorical(probabilities)
        case .greedy: probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        case .given(let given): Array(batch.menuIndices[choices]).firstIndex(of: given[unit]) ?? 0
        }
      action.choices.append(batch.menuIndices[choices.lowerBound + place])
      action.logProbabilities.append(logProbabilities[choices.lowerBound + place])
    }
    return action
  }

  /// The probabilities and the value that `act` would use; changes nothing.
  public func policy(for observation: Observation) throws(AgentError) -> Policy {
    let (batch, logProbabilities, value) = try judge(observation)
    var probabilities = observation.units.map { unit in unit.prior.map { _ in Float.zero } }
    var total: Float = 0
    for unit in 0..<batch.unitCount {
      for choice in batch.choices(of: unit) {
        probabilities[unit][batch.menuIndices[choice]] = Float.exp(logProbabilities[choice])
      }
      total += entropy(of: logProbabilities[batch.choices(of: unit)])
    }
    return Policy(probabilities: probabilities, value: value, entropy: total)
  }

  private func judge(
    _ observation: Observation
  ) throws(AgentError) -> (batch: GraphBatch, logProbabilities: [Float], value: Float) {
    try observation.validate(for: networkSettings)
    let batch = GraphBatch(CollectionOfOne(observation))
    let bound = parameters.bound(to: Tape(isRecording: false))
    let (logProbabilities, values) = network(batch, bound)
    let value = returnScale.restored(values.value.scalars[0])
    guard value.isFinite, !logProbabilities.value.scalars.contains(where: \.isNaN) else {
      throw .diverged
    }
    return (batch, logProbabilities.value.scalars, value)
  }

  private func entropy(of logProbabilities: ArraySlice<Float>) -> Float {
    logProbabilities.reduce(0) { $1 > -.infinity ? $0 - Float.exp($1) * $1 : $0 }
  }
}
