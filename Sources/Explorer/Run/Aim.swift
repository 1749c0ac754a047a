package import Patterns
internal import Search

/// The quantity that the search is to keep within, and how much an excess weighs.
package struct Aim: Hashable, Sendable, Codable {
  /// The share of a resource that may be kept.
  package var target: Target
  /// The weight of an excess in the reward; nil lets it follow the episodes.
  package var multiplier: Double?

  /// A target, with the weight of an excess.
  package init(_ target: Target, multiplier: Double? = nil) {
    self.target = target
    self.multiplier = multiplier
  }

  /// Whether a search can aim at it.
  var isPossible: Bool {
    target.share > 0 && target.share <= 1
      && multiplier.map { $0 > 0 && $0 <= SearchSettings.mostMultiplier } ?? true
  }
}
