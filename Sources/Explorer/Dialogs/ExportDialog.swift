package import Patterns
package import Search
package import TerminalKit

/// Where a strategy goes, or the model that was fine-tuned under it.
package struct ExportDialog: Hashable, Sendable {
  /// The strategy as it was when the dialog was opened.
  package let strategy: Strategy
  /// The fine-tuned model of that strategy, if there is one.
  package let fineTuned: FineTuned?
  /// Whether that is what goes.
  package private(set) var isOfModel = false
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

  /// The path for what does not go now.
  private var otherPath: TextField

  /// An export of the strategy to one path, or of the model to a folder.
  package init(_ strategy: Strategy, path: String, fineTuned: FineTuned?, folder: String) {
    self.strategy = strategy
    self.fineTuned = fineTuned
    self.path = TextField(path)
    otherPath = TextField(folder)
  }

  /// Goes from the strategy to the model, or back.
  mutating func turn() {
    guard fineTuned != nil else { return }
    isOfModel.toggle()
    (path, otherPath) = (otherPath, path)
  }
}
