internal import Search

extension RunFolder.Summary {
  /// When it began, as in `2026-11-24 14:03:10Z`.
  var moment: String { created.split(separator: "T").joined(separator: " ") }

  /// The name that the user gave it, otherwise when it began.
  var title: String { label.name.isEmpty ? moment : label.name }

  /// The same with the minute that it began in, where there is little room.
  var shortTitle: String { label.name.isEmpty ? String(moment.prefix(16)) : label.name }

  /// How long it is, as in `12 episodes`.
  var length: String { episodes == 1 ? "1 episode" : "\(episodes) episodes" }
}
