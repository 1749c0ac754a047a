public import Formats

/// The files of a training, in a folder of their own.
public struct TrainedFiles: Hashable, Sendable {
  /// The folder; it need not exist.
  public let folder: String

  /// The files in a folder.
  public init(in folder: String) { self.folder = folder }

  /// The trained model.
  public var model: String { folder + "/model.json" }
  /// Where the training goes on after an interruption.
  public var checkpoint: String { folder + "/checkpoint.sculpt" }

  /// Throws unless a training may be begun, or gone on with, in the folder.
  ///
  /// - Parameter replacing: whether files of an earlier training may go.
  public func check(resumes: Bool, replacing: Bool) throws(FormatError) {
    if !replacing { try AtomicFile.refuseExisting(model) }
    guard !resumes, !replacing, FileBytes.exists(checkpoint) else { return }
    throw FormatError(
      checkpoint, "is there from an earlier training",
      remedy: "go on with it (--resume), or start anew (--force)")
  }
}
