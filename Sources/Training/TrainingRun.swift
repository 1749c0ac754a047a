internal import Formats
internal import Tensors
public import Threads

/// A training epoch by epoch, each one on disk before the next begins; one that takes long is saved in its midst.
public struct TrainingRun: Sendable {
  /// The training.
  public private(set) var trainer: Trainer
  /// The file that it goes on from after an interruption.
  public let checkpoint: String

  /// News of a training.
  public enum Event: Hashable, Sendable {
    /// A batch is done.
    case batch(Trainer.Progress)
    /// An epoch is done, measured and on disk.
    case epoch(EpochRecord)
  }

  /// A training whose checkpoints go to a file.
  ///
  /// - Parameter resumes: whether it goes on from the checkpoint that is there.
  /// - Throws: `FormatError` if that is damaged, foreign, or belongs to another training.
  public init(_ trainer: Trainer, checkpoint: String, resumes: Bool) throws {
    self.trainer = trainer
    self.checkpoint = checkpoint
    if resumes { try self.trainer.resume(from: checkpoint) }
  }

  /// Trains to the end of the recipe.
  ///
  /// - Parameters:
  ///   - write: is given what writes a file, and says whether it was written: not when the program is ending.
  ///   - tell: called with what happens.
  /// - Returns: whether it came to the end; what was learned before a cancellation is on disk.
  /// - Throws: `TrainingError` if the loss is no longer finite, `FormatError` if a file cannot be written or a photograph
  ///   not be decoded.
  public mutating func run(
    cancellation: Cancellation? = nil,
    write: (() throws -> Void) throws -> Bool = {
      try $0()
      return true
    }, tell: (Event) -> Void
  ) throws -> Bool {
    try FreedMemory.reused {
      func keep(_ content: Checkpoint) throws -> Bool {
        try write {
          try ModelFile.makeFolder(at: Path.folder(of: checkpoint))
          try content.write(to: checkpoint)
        }
      }
      while !trainer.isDone {
        let record: EpochRecord?
        do {
          record = try trainer.runEpoch(
            cancellation: cancellation, progress: { tell(.batch($0)) }, save: { _ = try keep($0) })
        } catch let error as FormatError {
          // Once the file is mended, it goes on from here.
          if trainer.isWithinEpoch { _ = try? keep(trainer.checkpoint) }
          throw error
        }
        guard let record else {
          if trainer.isWithinEpoch { _ = try keep(trainer.checkpoint) }
          return false
        }
        guard try keep(trainer.checkpoint) else { return false }
        tell(.epoch(record))
      }
      return true
    }
  }
}
