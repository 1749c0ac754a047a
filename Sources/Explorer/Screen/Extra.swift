/// Parts of the screen besides the panes, where there is room.
enum Extra: CaseIterable {
  /// The latest steps.
  case steps
  /// Actions and events.
  case log
  /// Kept MACs, by episode.
  case macs
  /// The predicted time of an image, by episode.
  case latency

  /// Its title.
  var title: String {
    switch self {
    case .steps: "STEPS"
    case .log: "LOG"
    case .macs: "MACS KEPT"
    case .latency: "LATENCY"
    }
  }

  /// Whether it is a curve, drawn as the user likes them.
  var isCurve: Bool { self == .macs || self == .latency }

  /// A note on it, at the right of the title.
  var note: String {
    switch self {
    case .steps, .log: "newest first"
    case .macs: "% of dense, by episode"
    case .latency: "% of dense, predicted, by episode"
    }
  }
}
