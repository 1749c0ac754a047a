public import Foundation
internal import Tensors

extension Learner: Codable {
  private enum CodingKeys: String, CodingKey {
    case network, ppo, updateCount, stepCount, parameters, optimizer, generator, returnScale
  }

  /// Writes everything that acting and learning depend on.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(networkSettings, forKey: .network)
    try container.encode(settings, forKey: .ppo)
    try container.encode(updateCount, forKey: .updateCount)
    try container.encode(stepCount, forKey: .stepCount)
    try container.encode(parameters, forKey: .parameters)
    try container.encode(optimizer, forKey: .optimizer)
    try container.encode(generator, forKey: .generator)
    try container.encode(returnScale, forKey: .returnScale)
  }

  /// Reads a learner that goes on exactly as the one written would have. Throws `AgentError` or
  /// `DecodingError` for what no learner can have written.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      network: container.decode(NetworkSettings.self, forKey: .network),
      ppo: container.decode(PPOSettings.self, forKey: .ppo), seed: 0)
    let stored = try container.decode(Parameters.self, forKey: .parameters)
    let optimizer = try container.decode(Adam.self, forKey: .optimizer)
    let scale = try container.decode(ReturnScale.self, forKey: .returnScale)
    guard stored.hasSameLayout(as: parameters), optimizer.fits(stored) else {
      throw AgentError.unreadableCheckpoint("its weights do not fit its settings")
    }
    guard stored.isFinite, scale.isValid else {
      throw AgentError.unreadableCheckpoint("it holds numbers that are not finite")
    }
    let counts = 0..<(Int.max / 2)
    updateCount = try container.decode(Int.self, forKey: .updateCount)
    stepCount = try container.decode(Int.self, forKey: .stepCount)
    guard counts.contains(updateCount), counts.contains(stepCount) else {
      throw AgentError.unreadableCheckpoint("it counts \(updateCount) updates")
    }
    generator = try container.decode(SeededGenerator.self, forKey: .generator)
    parameters = stored
    self.optimizer = optimizer
    returnScale = scale
  }

  /// The learner as bytes (a binary property list): weights, moments, generator and counters.
  public func checkpoint() throws(AgentError) -> Data {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    do {
      return try encoder.encode(self)
    } catch {
      throw .unreadableCheckpoint("\(error)")
    }
  }

  /// Reads what `checkpoint()` returned.
  public init(checkpoint: Data) throws(AgentError) {
    do {
      self = try PropertyListDecoder().decode(Learner.self, from: checkpoint)
    } catch let error as AgentError {
      throw error
    } catch {
      throw .unreadableCheckpoint("\(error)")
    }
  }
}
