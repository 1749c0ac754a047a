/// Curves besides the panes, where there is room.
enum Extra: CaseIterable {
  /// Kept MACs, by episode.
  case macs
  /// The predicted time of an image, by episode.
  case latency

  /// Its title.
  var title: String {
    switch self {
    case .macs: "MACS KEPT"
    case .latency: "LATENCY"
    }
  }

  /// A note on it, at the right of the title.
  var note: String {
    switch self {
    case .macs: "% of dense, by episode"
    case .latency: "% of dense, predicted, by episode"
    }
  }
}
