package import TerminalKit

/// The list of stored runs: one is opened, two are compared, names and notes are written, one is deleted.
package struct RunBrowser: Hashable, Sendable {
  /// A part of a run's label.
  package enum Part: Hashable, Sendable {
    /// The name.
    case name
    /// The note.
    case note
  }

  /// The one under the cursor.
  package var selected = 0
  /// The path of the one that another is to be compared with.
  package var marked: String?
  /// The part of the label that is being typed, and its text; nil while the list has the keyboard.
  package var typed: Typed?

  /// A text being typed.
  package struct Typed: Hashable, Sendable {
    /// What it is.
    package let part: Part
    /// The text so far.
    package var field: TextField
  }

  /// At the first one.
  package init(selected: Int = 0) { self.selected = selected }
}
