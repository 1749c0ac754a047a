package import TerminalKit

/// Some keys, their command, and the conditions under which it can be given.
package struct Binding: Sendable {
  /// The parts of the help.
  package enum Section: String, CaseIterable, Sendable {
    /// Moving about.
    case move = "Move"
    /// Changing the strategy.
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
  /// Its name in the help and the palette.
  package let name: String
  /// Its name in the footer; nil keeps it out of there.
  package let hint: String?
  /// Its part of the help.
  package let section: Section
  /// The command.
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
