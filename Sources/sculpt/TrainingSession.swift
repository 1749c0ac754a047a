internal import CommandOptions
internal import Engine
internal import Formats
internal import Foundation
internal import Kernels
internal import ModelGraph
internal import Tensors
internal import Training

/// A training on the command line: epoch by epoch, each one kept on disk.
struct TrainingSession {
  private(set) var trainer: Trainer
  /// Where checkpoint and model go.
  let folder: String
  /// Where the model's splits are, for its file.
  let data: [Split: DataSource]
  let isResuming: Bool
  let replacing: Bool
  let json: Bool
  private let line = ProgressLine()

  private var checkpointPath: String { folder + "/checkpoint.sculpt" }
  private var modelPath: String { folder + "/model.json" }

  init(
    _ trainer: Trainer, folder: String, data: [Split: DataSource], isResuming: Bool,
    replacing: Bool, json: Bool
  ) {
    self.trainer = trainer
    self.folder = folder
    self.data = data
    self.isResuming = isResuming
    self.replacing = replacing
    self.json = json
  }

  /// Tells something on standard error.
  func note(_ text: String) { line.note(text) }

  /// Trains to the end of the recipe.
  mutating func run() throws {
    if !replacing { try AtomicFile.refuseExisting(modelPath) }
    if isResuming {
      try trainer.resume(from: checkpointPath)
      line.note("goes on after epoch \(trainer.history.count) of \(trainer.recipe.epochs)")
    } else {
      if !replacing, FileManager.default.fileExists(atPath: checkpointPath) {
        throw FormatError(
          checkpointPath, "is there from an earlier training",
          remedy: "go on with it (--resume), or start anew (--force)")
      }
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    try FreedMemory.reused { try runEpochs() }
    line.clear()
  }

  private mutating func runEpochs() throws {
    let epochs = trainer.recipe.epochs
    while !trainer.isDone {
      let line = line
      let record = try trainer.runEpoch { progress in
        line.show(
          "epoch \(progress.epoch) of \(epochs), batch \(progress.batch) of \(progress.batches), "
            + String(format: "loss %.4f, ", progress.loss)
            + "\(progress.accuracy.percent), \(progress.timeLeft.seconds.duration) left")
      }
      guard let record else { return }
      try trainer.checkpoint.write(to: checkpointPath)
      line.note(
        "epoch \(record.epoch) of \(epochs): "
          + String(format: "loss %.4f, ", record.trainLoss)
          + "train \(record.trainAccuracy.percent), validation "
          + "\(record.validationAccuracy.percent), \(record.seconds.duration)")
    }
  }

  /// Writes the best weights and reports them, on the test split too if there is one.
  ///
  /// - Parameter lowered: makes of the trained model the one that is written.
  func finish(test: DataSource?, lowered: (Model) throws -> Model = { $0 }) throws {
    let model = try lowered(trainer.bestModel)
    try ModelFile.write(model, to: modelPath, data: data, replacing: replacing)
    var accuracy: Accuracy?
    if let test {
      let images = try Dataset.read(test, for: model)
      accuracy = Evaluator(images, threads: trainer.threads).accuracy(of: try Program(model))
    }
    let best = trainer.best
    if json {
      try printJSON(
        Report(
          epoch: best?.epoch, history: trainer.history, model: modelPath,
          test: accuracy?.fraction, validation: best?.accuracy))
      return
    }
    var text = modelPath
    if let best { text += ": validation \(best.accuracy.percent) (epoch \(best.epoch))" }
    if let accuracy {
      text += ", test \(accuracy.fraction.percent) (\(accuracy.correct) of \(accuracy.images))"
    }
    print(text)
  }

  private struct Report: Encodable {
    var epoch: Int?
    var history: [EpochRecord]
    var model: String
    var test: Double?
    var validation: Double?
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
