public import ModelGraph
internal import Patterns
public import Peers

/// Another engine with a model as an export is, whichever file that was read from.
public struct RuntimeProcess {
  /// The process that runs it.
  public let peer: Peer
  /// Holds the file, which is not read before the first question.
  private let folder: TemporaryFolder

  /// Starts it.
  /// - Throws: `PeerError` if Python or the package is missing, `FormatError` if the model cannot be written.
  public init(_ runtime: InferenceRuntime, _ model: Model) throws {
    folder = try TemporaryFolder()
    peer = try Peer(runtime, on: folder.write(model, as: "model.onnx"))
  }
}

extension TargetEngine {
  /// What runs a model for this engine in a process of its own; nil for those that are not run in one.
  var runtime: InferenceRuntime? {
    switch self {
    case .onnx: .onnxRuntime
    case .openvino: .openVINO
    case .native, .tensorrt: nil
    }
  }
}
