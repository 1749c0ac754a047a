package import Patterns
internal import Search
package import TerminalKit

/// A number that steers the search, being typed in the status line.
package struct Prompt: Hashable, Sendable {
  /// The numbers that can be asked for.
  package enum Kind: Hashable, Sendable {
    /// The share of a resource to keep, in percent; another one can be turned to once choices were timed.
    case target(Target.Resource, canTurn: Bool)
    /// The weight of an excess over the budget in the reward; nothing lets it follow the episodes.
    case multiplier
  }

  /// A number that was typed.
  enum Answer: Hashable {
    /// The target.
    case target(Target)
    /// The weight of an excess; nil lets it follow the episodes.
    case multiplier(Double?)
  }

  /// The number that is asked for.
  package private(set) var kind: Kind
  /// The text typed so far.
  package var field: TextField

  /// The question, before the text.
  var label: String {
    switch kind {
    case .target(let resource, _): "target, % of the \(resource.name): "
    case .multiplier: "weight of an excess: "
    }
  }

  /// The text that stands there while nothing is typed.
  var placeholder: String {
    switch kind {
    case .target: "above 0, at most 100"
    case .multiplier: "empty: by itself"
    }
  }

  /// The key that turns to another resource, if there is one to turn to.
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

  /// The number; nil if the text is none, or it is out of range.
  var answer: Answer? {
    switch kind {
    case .target(let resource, _):
      guard let number, number <= 100 else { return nil }
      return .target(Target(number / 100, of: resource))
    case .multiplier:
      if field.text.allSatisfy({ $0 == " " }) { return .multiplier(nil) }
      guard let number, number <= SearchSettings.mostMultiplier else { return nil }
      return .multiplier(number)
    }
  }

  /// Why the text is no answer.
  var refusal: String {
    switch kind {
    case .target: "“\(field.text)” is no share: \(placeholder)"
    case .multiplier:
      "“\(field.text)” is no weight: above 0, at most "
        + Numbers.decimal(SearchSettings.mostMultiplier, places: 0)
    }
  }

  /// The number above 0 that was typed; nil if it is none.
  private var number: Double? {
    var text = field.text.split(separator: " ").joined()
    if case .target = kind, text.hasSuffix("%") { text.removeLast() }
    guard let value = Double(text), value.isFinite, value > 0 else { return nil }
    return value
  }
}

extension Target.Resource {
  /// The one after this, round and round.
  fileprivate var next: Target.Resource {
    let all = Self.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }
}
