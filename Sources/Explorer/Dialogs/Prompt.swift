package import Patterns
internal import Search
package import TerminalKit

/// A number that steers the search, being typed in the status line.
package struct Prompt: Hashable, Sendable {
  /// What it is.
  package enum Kind: Hashable, Sendable {
    /// The share of a resource to keep, in percent; another one can be turned to once choices were timed.
    case target(Target.Resource, canTurn: Bool)
    /// The weight of an excess over the budget in the reward; nothing lets it follow the episodes.
    case multiplier
  }

  /// What it is.
  package private(set) var kind: Kind
  /// What was typed.
  package var field: TextField

  /// What stands before it.
  var label: String {
    switch kind {
    case .target(let resource, _): "target, % of the \(resource.name): "
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

  /// What else can be asked for.
  var alternative: String? {
    if case .target(let resource, canTurn: true) = kind {
      "tab: \(resource.next.name)"
    } else {
      nil
    }
  }

  /// Asks for a share of another resource.
  mutating func turn() {
    if case .target(let resource, canTurn: true) = kind {
      kind = .target(resource.next, canTurn: true)
    }
  }

  /// The number; nil if it is none, or out of range.
  var number: Double? {
    var text = field.text.split(separator: " ").joined()
    if case .target = kind, text.hasSuffix("%") { text.removeLast() }
    guard let value = Double(text), value.isFinite, value > 0 else { return nil }
    switch kind {
    case .target: return value <= 100 ? value / 100 : nil
    case .multiplier: return value <= SearchSettings.mostMultiplier ? value : nil
    }
  }
}

extension Target.Resource {
  /// The one after this, round and round.
  fileprivate var next: Target.Resource {
    let all = Self.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }
}
