/// A hint for somebody new, one at a time; done once, it is not given again.
package enum Hint: String, CaseIterable, Hashable, Sendable, Codable {
  /// Start a search.
  case search
  /// Look at past episodes.
  case past
  /// Choose a pattern by hand.
  case edit
  /// Take the result along.
  case export
  /// Find everything else.
  case help

  /// The hint that a command makes superfluous.
  init?(learnedBy command: Command) {
    switch command {
    case .toggleRun, .playEpisode: self = .search
    case .previousEpisode, .previousRecord: self = .past
    case .edit: self = .edit
    case .export: self = .export
    case .help: self = .help
    default: return nil
    }
  }

  /// The line.
  var text: String {
    switch self {
    case .search: "hint: p starts the search"
    case .past: "hint: [ and ] step through the episodes"
    case .edit: "hint: e changes the selected layer's pattern"
    case .export: "hint: x exports what is shown"
    case .help: "hint: ? shows every key"
    }
  }
}

extension ExplorerState {
  /// The next hint that helps now; nil for somebody who knows.
  var hint: Hint? {
    guard run.work.canMeasure, overlay == nil else { return nil }
    let hasEpisode = !run.history.episodes.isEmpty
    return Hint.allCases.first { hint in
      guard !screen.preferences.learned.contains(hint) else { return false }
      return switch hint {
      case .search: whyNoSearch == nil && whyReadOnly == nil && !hasEpisode && !run.work.isSearching
      case .past: run.history.episodes.count > 1
      case .edit: whyNoUnit == nil && whyReadOnly == nil && hasEpisode
      case .export: !isReadOnly && hasEpisode
      case .help: true
      }
    }
  }
}
