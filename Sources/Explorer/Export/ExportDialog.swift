package import Patterns
package import Search
package import TerminalKit

/// The choice of one thing to write, a strategy, a model or a report, and of the path where it goes.
package struct ExportDialog: Hashable, Sendable {
  /// A thing that can be written.
  package enum Kind: Hashable, Sendable {
    /// The choices, as JSON.
    case strategy
    /// The pruned model, or the one that was fine-tuned.
    case model(ExportedModel.Format, isFineTuned: Bool)
    /// The choices and their measurements, to be read.
    case report
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
    var offers: [(Kind, String)] = [(.strategy, "\(name)-strategy.json")]
    if hasWeights {
      offers += [
        (.model(.onnx, isFineTuned: false), "\(name)-pruned.onnx"),
        (.model(.folder, isFineTuned: false), "\(name)-pruned"),
      ]
      if fineTuned != nil {
        offers += [
          (.model(.onnx, isFineTuned: true), "\(name)-finetuned.onnx"),
          (.model(.folder, isFineTuned: true), "\(name)-finetuned"),
        ]
      }
    }
    offers.append((.report, "\(name)-report.md"))
    kinds = offers.map(\.0)
    paths = offers.map { TextField("./" + $0.1) }
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

  /// Goes to the next thing, or with -1 to the one before, around the end.
  mutating func turn(by step: Int = 1) {
    selected = (selected + step + kinds.count) % kinds.count
  }
}
