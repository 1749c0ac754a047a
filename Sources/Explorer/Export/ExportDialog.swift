package import Formats
package import Patterns
package import Search
package import TerminalKit

/// The choice of one thing to write, a strategy, a model or a report, and of the path where it goes: every format that
/// `sculpt export` has.
package struct ExportDialog: Hashable, Sendable {
  /// A thing that can be written.
  package enum Kind: Hashable, Sendable {
    /// The choices, as JSON.
    case strategy
    /// The pruned model, or the one that was fine-tuned.
    case model(ModelFormat, isFineTuned: Bool)
    /// The choices and their measurements, to be read.
    case report(ReportFormat)
  }

  /// The strategy as it was when the dialog was opened.
  package let strategy: Strategy
  /// The fine-tuned model of that strategy, if there is one.
  package let fineTuned: FineTuned?
  /// The things that can be written.
  package let kinds: [Kind]
  /// The chosen one, as a place in `kinds`.
  package private(set) var selected = 0
  /// How far it has come.
  package var stage = Stage.asking
  /// The paths that are proposed, and those that are typed.
  private let names: [String]
  private var paths: [TextField]

  /// The stages of an export.
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

  /// An export of a strategy, of its models if there are weights, to files whose names begin with `name`.
  package init(_ strategy: Strategy, fineTuned: FineTuned?, named name: String, hasWeights: Bool) {
    self.strategy = strategy
    self.fineTuned = fineTuned
    func models(isFineTuned: Bool) -> [Kind] {
      ModelFormat.allCases.map { .model($0, isFineTuned: isFineTuned) }
    }
    var kinds = [Kind.strategy]
    if hasWeights { kinds += models(isFineTuned: false) }
    if hasWeights, fineTuned != nil { kinds += models(isFineTuned: true) }
    kinds += ReportFormat.allCases.map { .report($0) }
    self.kinds = kinds
    names = kinds.map { "./\(name)-\($0.ending)" }
    paths = names.map { TextField($0) }
  }

  /// The thing that is written.
  package var kind: Kind { kinds[selected] }

  /// Its path.
  package var path: TextField {
    get { paths[selected] }
    set { paths[selected] = newValue }
  }

  /// Goes to a thing; returns whether it was there already.
  mutating func select(_ place: Int) -> Bool {
    defer { if kinds.indices.contains(place) { selected = place } }
    return selected == place
  }

  /// Edits the path. A name with the end of another format's goes to that format.
  mutating func type(_ key: Key) {
    _ = path.handle(key)
    var isFineTuned = false
    if case .model(_, true) = kind { isFineTuned = true }
    let named: Kind? =
      switch ExportFormat(ofFileAt: path.text) {
      // The strategy's file is JSON as well.
      case .model(.sculpt), nil: nil
      case .model(let format): .model(format, isFineTuned: isFineTuned)
      case .report(let format): .report(format)
      }
    guard let named, named != kind, let place = kinds.firstIndex(of: named) else { return }
    (paths[place], paths[selected]) = (path, TextField(names[selected]))
    selected = place
  }

  /// Goes to the next thing, or with -1 to the one before, around the end.
  mutating func turn(by step: Int = 1) {
    selected = (selected + step + kinds.count) % kinds.count
  }
}

extension ExportDialog.Kind {
  /// What follows the model's name in that of a file.
  fileprivate var ending: String {
    switch self {
    case .strategy: "strategy.json"
    case .model(.sculpt, let isFineTuned): isFineTuned ? "finetuned" : "pruned"
    case .model(let format, let isFineTuned):
      (isFineTuned ? "finetuned" : "pruned") + format.suffix
    case .report(.modelExplorer): "overlay"
    case .report(let format): "report" + format.suffix
    }
  }
}
