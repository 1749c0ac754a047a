package import Patterns
package import TerminalKit

/// Where a strategy goes.
package struct ExportDialog: Hashable, Sendable {
  /// The strategy as it was when the dialog was opened.
  package let strategy: Strategy
  /// The path.
  package var path: TextField
  /// What enter did last.
  package var stage = Stage.asking

  /// How far it has come.
  package enum Stage: Hashable, Sendable {
    /// The path is typed.
    case asking
    /// It is written as soon as it has been measured on every image.
    case waiting(replacing: Bool)
    /// There is such a file.
    case confirming
    /// It is being written.
    case writing
  }

  /// An export to `path`.
  package init(_ strategy: Strategy, path: String) {
    self.strategy = strategy
    self.path = TextField(path)
  }
}
