internal import CommandOptions
internal import Engine
internal import Formats
internal import Foundation
internal import Metrics
internal import ModelGraph
internal import Training

/// A training on the command line: epochs on standard error, what it came to on standard output.
struct TrainingProgress {
  private let line = ProgressLine()
  /// The epochs in all.
  let epochs: Int

  /// Tells something on standard error that stays.
  func note(_ text: String) { line.note(text) }

  /// Says that a training goes on after an interruption.
  func resumed(after epochs: Int) {
    if epochs > 0 { line.note("goes on after epoch \(epochs) of \(self.epochs)") }
  }

  /// Shows an event.
  func show(_ event: TrainingRun.Event) {
    switch event {
    case .batch(let progress):
      line.show(
        "epoch \(progress.epoch) of \(epochs), batch \(progress.batch) of \(progress.batches), "
          + String(format: "loss %.4f, ", progress.loss)
          + "\(progress.accuracy.percent), \(progress.timeLeft.seconds.duration) left")
    case .epoch(let record):
      line.note(
        "epoch \(record.epoch) of \(epochs): "
          + String(format: "loss %.4f, ", record.trainLoss)
          + "train \(record.trainAccuracy.percent), validation "
          + "\(record.validationAccuracy.percent), \(record.seconds.duration)")
    }
  }

  /// Removes the line.
  func clear() { line.clear() }

  /// What a training that was asked to end says.
  var interrupted: TrainingError {
    clear()
    return TrainingError("ended as it was asked to; --resume goes on from what was learned")
  }
}

/// The result of a training, as it is printed.
struct TrainingReport: Encodable {
  private var epoch: Int?
  private var history: [EpochRecord]
  private var model: String
  private var test: Double?
  private var validation: Double?

  /// Of a model that was written; on the test split, too, if there is one.
  init(
    _ history: [EpochRecord], modelAt path: String, test: DataSource?, threads: Int
  ) throws {
    self.history = history
    model = path
    let best = history.reduce(nil as EpochRecord?) { best, record in
      record.validationAccuracy >= best?.validationAccuracy ?? -1 ? record : best
    }
    (epoch, validation) = (best?.epoch, best?.validationAccuracy)
    guard let test else { return }
    let written = try ModelFile.read(at: path).readingWeights().model
    let images = try Dataset.read(test, for: written)
    accuracy = Evaluator(images, threads: threads).accuracy(of: try Program(written))
    self.test = accuracy?.fraction
  }

  private var accuracy: Accuracy?

  private enum CodingKeys: CodingKey {
    case epoch, history, model, test, validation
  }

  /// Prints it.
  func print(json: Bool) throws {
    if json { return try printJSON(self) }
    var text = model
    if let epoch, let validation { text += ": validation \(validation.percent) (epoch \(epoch))" }
    if let accuracy {
      text += ", test \(accuracy.fraction.percent) (\(accuracy.correct) of \(accuracy.images))"
    }
    Swift.print(text)
  }
}

extension Double {
  /// Seconds as in `48 s`, `3:20` or `1:02:03`.
  fileprivate var duration: String {
    let whole = Int(self.rounded())
    if whole < 60 { return "\(whole) s" }
    let rest = String(format: "%02d", whole % 60)
    return whole < 3600
      ? "\(whole / 60):\(rest)"
      : "\(whole / 3600):" + String(format: "%02d:", whole / 60 % 60) + rest
  }
}
