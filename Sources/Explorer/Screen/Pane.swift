/// The parts of the screen that can have the keyboard.
package enum Pane: Int, CaseIterable, Hashable, Sendable, Codable {
  /// The graph, one row a layer.
  case layers = 1
  /// The score of each episode.
  case score
  /// The selected layer.
  case detail
  /// Accuracy over MACs or latency.
  case pareto
  /// The latest steps.
  case steps
  /// Actions and events.
  case log

  /// Its title on the screen.
  package var title: String {
    switch self {
    case .layers: "LAYERS"
    case .score: "SCORE"
    case .detail: "DETAIL"
    case .pareto: "PARETO"
    case .steps: "STEPS"
    case .log: "LOG"
    }
  }
}
