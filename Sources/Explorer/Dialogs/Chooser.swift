/// Things of which one is chosen, and what then happens.
package struct Chooser: Hashable, Sendable {
  /// What a choice does.
  package enum Action: Hashable, Sendable {
    /// Pins units at what is shown, or lets them go.
    case pin([Int], isPinned: Bool, name: String)
    /// Shows a theme.
    case theme(String)
    /// Goes on with a stored run.
    case resume(String)
  }

  /// One of them.
  package struct Item: Hashable, Sendable {
    /// What it is called.
    package let label: String
    /// What stands beside it.
    package let note: String
    /// What choosing it does.
    package let action: Action
  }

  /// The title of its box.
  package let title: String
  /// The things.
  package let items: [Item]
  /// The one under the cursor.
  package var selected = 0
  /// What is shown again when nothing is chosen, where moving the cursor shows what enter would choose.
  var onCancel: Action?

  /// Whether moving the cursor shows what enter would choose.
  var isPreviewing: Bool { onCancel != nil }
}
