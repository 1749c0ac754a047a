internal import Search

extension RunFolder.Summary {
  /// When it began, as in `2026-11-24 14:03:10Z`.
  var moment: String { created.split(separator: "T").joined(separator: " ") }

  /// How long it is, as in `12 episodes`.
  var length: String { episodes == 1 ? "1 episode" : "\(episodes) episodes" }
}
