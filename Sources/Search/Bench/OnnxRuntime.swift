public import ModelGraph
public import Peers

/// ONNX Runtime with a model as an export is, whichever file that was read from.
public struct OnnxRuntime {
  /// The process that runs it.
  public let peer: Peer
  /// Holds the file, which is not read before the first question.
  private let folder: TemporaryFolder

  /// Starts it.
  /// - Throws: `PeerError` if Python or the package is missing, `FormatError` if the model cannot be written.
  public init(_ model: Model) throws {
    folder = try TemporaryFolder()
    peer = try Peer(onnxRuntimeOn: folder.write(model, as: "model.onnx"))
  }
}
