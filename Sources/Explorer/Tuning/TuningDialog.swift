package import Patterns
package import Pruning
package import Search
package import TerminalKit

/// The epochs and the learning rate of a fine-tuning.
package struct TuningChoice: Hashable, Sendable, Codable {
  /// Passes over the training images.
  package var epochs: Int = FineTuning().epochs
  /// The learning rate; nil for a tenth of the recipe's.
  package var learningRate: Float?

  /// As it usually is.
  package init() {}

  /// The fine-tuning by it.
  package var tuning: FineTuning { FineTuning(epochs: epochs, learningRate: learningRate) }
}

/// The choice of epochs and rate before a strategy is fine-tuned, with the time that it takes.
package struct TuningDialog: Hashable, Sendable {
  /// The strategy.
  package let strategy: Strategy
  /// Its name, as in `ep 3`.
  package let name: String
  /// The number of epochs as it is typed.
  package private(set) var epochs: TextField
  /// The learning rate as it is typed; empty for the usual one.
  package private(set) var rate: TextField
  /// The row under the cursor.
  package var row = 0
  /// What it is going to take; nil while that is being found out.
  package var estimate: FineTuneEstimate?
  /// Why it cannot be, if so.
  package var failure: String?

  /// More epochs are a slip of the finger.
  package static let mostEpochs = 1000

  /// A choice that begins with what was chosen last.
  package init(_ strategy: Strategy, name: String, _ choice: TuningChoice) {
    self.strategy = strategy
    self.name = name
    epochs = TextField("\(choice.epochs)", limit: 6)
    rate = TextField(choice.learningRate.map { "\($0)" } ?? "", limit: 12)
  }

  /// What is chosen; nil if it is no number, or out of range.
  package var choice: TuningChoice? {
    var choice = TuningChoice()
    guard let count = Int(epochs.text), (1...Self.mostEpochs).contains(count) else { return nil }
    choice.epochs = count
    guard !rate.text.isEmpty else { return choice }
    guard let value = Float(rate.text), value > 0, value <= 10 else { return nil }
    choice.learningRate = value
    return choice
  }

  /// The seconds of all epochs; nil while that is unknown.
  package var seconds: Double? {
    choice.flatMap { choice in estimate.map { $0.secondsPerEpoch * Double(choice.epochs) } }
  }

  /// Does what a key does in the field under the cursor.
  mutating func handle(_ key: Key) {
    if row == 0 { _ = epochs.handle(key) } else { _ = rate.handle(key) }
  }

  /// Inserts pasted text there.
  mutating func insert(_ text: String) {
    if row == 0 { epochs.insert(text) } else { rate.insert(text) }
  }
}
