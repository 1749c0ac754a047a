internal import Search
package import TerminalKit

/// A number that steers the search, being typed in the status line.
package struct Prompt: Hashable, Sendable {
  /// What it is.
  package enum Kind: Hashable, Sendable {
    /// The share of the MACs to keep, in percent.
    case target
    /// The weight of an excess over the budget in the reward; nothing lets it follow the episodes.
    case multiplier
  }

  /// What it is.
  package let kind: Kind
  /// What was typed.
  package var field: TextField

  /// What stands before it.
  var label: String {
    switch kind {
    case .target: "target, % of the MACs: "
    case .multiplier: "weight of an excess: "
    }
  }

  /// What stands there while nothing is typed.
  var placeholder: String {
    switch kind {
    case .target: "above 0, at most 100"
    case .multiplier: "empty: by itself"
    }
  }

  /// The number; nil if it is none, or out of range.
  var number: Double? {
    var text = field.text.split(separator: " ").joined()
    if kind == .target, text.hasSuffix("%") { text.removeLast() }
    guard let value = Double(text), value.isFinite, value > 0 else { return nil }
    switch kind {
    case .target: return value <= 100 ? value / 100 : nil
    case .multiplier: return value <= SearchSettings.mostMultiplier ? value : nil
    }
  }
}
