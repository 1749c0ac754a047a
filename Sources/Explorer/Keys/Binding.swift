package import TerminalKit

/// Keys, what they do, and when they can.
package struct Binding: Sendable {
  /// The parts of the help.
  package enum Section: String, CaseIterable, Sendable {
    /// Where one is.
    case move = "Move"
    /// What one changes.
    case prune = "Prune"
    /// The search and its past.
    case search = "Search"
    /// One strategy beside another.
    case compare = "Compare"
    /// Files and the clipboard.
    case take = "Take along"
    /// The screen.
    case screen = "Screen"
  }

  /// Any of these.
  package let keys: [Key]
  /// As help and palette call it.
  package let name: String
  /// As the footer calls it; nil keeps it out of there.
  package let hint: String?
  /// Where it stands in the help.
  package let section: Section
  /// What it does.
  package let command: Command
  /// Why it cannot do so now; nil if it can.
  package let whyDisabled: @Sendable (ExplorerState) -> String?

  /// The keys as they are written.
  package var keyNames: String { keys.map(\.description).joined(separator: " ") }

  init(
    _ keys: String, _ name: String, hint: String? = nil, _ section: Section, _ command: Command,
    unless whyDisabled: @escaping @Sendable (ExplorerState) -> String? = { _ in nil }
  ) {
    self.keys = keys.split(separator: " ").compactMap { Key(String($0)) }
    self.name = name
    self.hint = hint
    self.section = section
    self.command = command
    self.whyDisabled = whyDisabled
  }
}
