/// A part of the agent that a comparison leaves out, to see what it is worth.
public enum AgentPart: String, CaseIterable, Sendable {
  /// The policy that proposes switches: without it all of them are drawn uniformly.
  case policy
  /// The edges of the network: without them the policy sees of a unit its own nodes alone.
  case graph
  /// What is learned of losses: without it there are no plans by losses that were drawn, and the policy's proposals are
  /// looked at as they come.
  case critic
  /// Looks at few images: without them one offspring at a time is looked at, on all images.
  case stages
  /// The planner: without it the policy begins with all choices alike, and the search with what greed makes of the dense
  /// network.
  case prior

  /// The agent without it, as a method that is compared.
  var method: String { "no-\(rawValue)" }
}
