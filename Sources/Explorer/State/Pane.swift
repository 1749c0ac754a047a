/// The parts of the screen that can have the keyboard.
package enum Pane: Int, CaseIterable, Hashable, Sendable {
  /// The graph, one row a layer.
  case layers = 1
  /// The reward of each episode.
  case reward
  /// The selected layer.
  case detail
  /// Accuracy over MACs.
  case pareto

  /// Its title.
  var title: String {
    switch self {
    case .layers: "LAYERS"
    case .reward: "REWARD"
    case .detail: "DETAIL"
    case .pareto: "ACCURACY / MACS"
    }
  }
}
