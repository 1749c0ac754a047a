package import Patterns
package import Search
package import TerminalKit

/// What goes where: the strategy, the model that it makes, that model trained on, a report.
package struct ExportDialog: Hashable, Sendable {
  /// What can go.
  package enum Kind: Hashable, Sendable {
    /// The choices, as JSON.
    case strategy
    /// The pruned model, or the one that was fine-tuned.
    case model(ExportedModel.Format, isFineTuned: Bool)
    /// What was done and what it came to, to be read.
    case report
  }

  /// The strategy as it was when the dialog was opened.
  package let strategy: Strategy
  /// The fine-tuned model of that strategy, if there is one.
  package let fineTuned: FineTuned?
  /// What can go.
  package let kinds: [Kind]
  /// Which of them does.
  package private(set) var selected = 0
  /// What enter did last.
  package var stage = Stage.asking
  private var paths: [TextField]

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

  /// What goes.
  package var kind: Kind { kinds[selected] }

  /// Where it goes.
  package var path: TextField {
    get { paths[selected] }
    set { paths[selected] = newValue }
  }

  /// Goes to the next thing, or with -1 to the one before, around the end.
  mutating func turn(by step: Int = 1) {
    selected = (selected + step + kinds.count) % kinds.count
  }
}

/// A model that is written.
package struct ExportedModel: Hashable, Sendable {
  /// How models are written.
  package enum Format: Hashable, Sendable {
    /// model.json with safetensors, in a folder.
    case folder
    /// One file of plain dense operators.
    case onnx
  }

  /// Which weights.
  package enum Source: Hashable, Sendable {
    /// Those of the dense model, pruned and corrected.
    case pruned(Strategy)
    /// Those that were trained on.
    case fineTuned(FineTuned)
  }

  /// Which weights.
  package let source: Source
  /// How they are written.
  package let format: Format

  /// Those weights, written so.
  package init(source: Source, format: Format) {
    self.source = source
    self.format = format
  }
}
