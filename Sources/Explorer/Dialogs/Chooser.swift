/// A list of things of which one is chosen.
package struct Chooser: Hashable, Sendable {
  /// The results that a choice can have.
  package enum Action: Hashable, Sendable {
    /// Pins units at what is shown, or lets them go.
    case pin([Int], isPinned: Bool, name: String)
    /// Shows a theme.
    case theme(String)
  }

  /// One of them.
  package struct Item: Hashable, Sendable {
    /// Its name.
    package let label: String
    /// A note beside the name.
    package let note: String
    /// The result of choosing it.
    package let action: Action
  }

  /// The title of its box.
  package let title: String
  /// The things.
  package let items: [Item]
  /// The one under the cursor.
  package var selected = 0
  /// The action shown again when nothing is chosen; nil where moving the cursor shows nothing.
  var onCancel: Action?

  /// Whether moving the cursor shows the result of choosing.
  var isPreviewing: Bool { onCancel != nil }
}
