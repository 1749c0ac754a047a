/// A fault in a learner's settings or observations.
public enum AgentError: Error, Equatable, CustomStringConvertible {
  /// There is no node, or no unit.
  case empty(String)
  /// A feature table has not the columns the network was made for.
  case featureCount(of: String, found: Int, expected: Int)
  /// Features or a prior hold NaN or an infinity.
  case notFinite(String)
  /// An edge or unit names a node that does not exist.
  case unknownNode(Int, in: String)
  /// A unit's prior or legality does not have one entry per choice.
  case menuSize(unit: Int, choices: Int, priors: Int, legalities: Int)
  /// A unit has no legal choice.
  case nothingLegal(unit: Int)
  /// An action has not one legal choice for each unit.
  case illegalAction(unit: Int)

  /// Settings describe no network or no training that could exist.
  case invalidSettings(String)
  /// The network's outputs are not finite.
  case diverged
  /// A checkpoint cannot be read.
  case unreadableCheckpoint(String)
  /// A rollout has no steps, or numbers that are not finite.
  case unusableRollout(String)

  /// The fault, and its place.
  public var description: String {
    switch self {
    case .empty(let what): "the observation has no \(what)"
    case .featureCount(let what, let found, let expected):
      "\(what) have \(found) features; this learner was made for \(expected)"
    case .notFinite(let what): "\(what) hold a number that is not finite"
    case .unknownNode(let node, let what): "\(what) names node \(node), which does not exist"
    case .menuSize(let unit, let choices, let priors, let legalities):
      "unit \(unit) has \(choices) choices, but \(priors) priors and \(legalities) legality flags"
    case .nothingLegal(let unit): "unit \(unit) has no legal choice"
    case .illegalAction(let unit): "the action has no legal choice for unit \(unit)"
    case .invalidSettings(let what): "the agent's settings are impossible: \(what)"
    case .diverged:
      "the agent's network computes numbers that are not finite; go back to an earlier checkpoint"
    case .unreadableCheckpoint(let why): "the agent's checkpoint cannot be read: \(why)"
    case .unusableRollout(let why): "the rollout cannot be learned from: \(why)"
    }
  }
}
