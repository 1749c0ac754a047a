internal import Patterns
internal import Search

/// The parts of the screen that can have the keyboard.
package enum Pane: Int, CaseIterable, Hashable, Sendable, Codable {
  /// The graph, one row a layer.
  case layers = 1
  /// The reward of each episode.
  case reward
  /// The selected layer.
  case detail
  /// Accuracy over MACs or latency.
  case pareto

  /// Its title; that of the details names the layer.
  func title(_ state: ExplorerState) -> String {
    switch self {
    case .layers: "LAYERS"
    case .reward: RewardPane(state).title
    case .detail: "DETAIL " + DetailPane(state).name
    case .pareto: "PARETO acc/\(state.settings.target.resource.name)"
    }
  }
}
