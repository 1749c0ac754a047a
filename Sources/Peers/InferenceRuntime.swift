/// An engine that runs ONNX files, by its package for Python.
public enum InferenceRuntime: String, CaseIterable, Sendable {
  /// Microsoft's ONNX Runtime, package `onnxruntime`.
  case onnxRuntime = "ONNX Runtime"
  /// Intel's OpenVINO, package `openvino`.
  case openVINO = "OpenVINO"

  /// A script that runs one model.
  var script: [UInt8] {
    switch self {
    case .onnxRuntime: PackageResources.onnxruntime_peer_py + PackageResources.peer_py
    case .openVINO: PackageResources.openvino_peer_py + PackageResources.peer_py
    }
  }

  /// What a script has that times the nodes of models.
  var nodesScript: [UInt8] {
    switch self {
    case .onnxRuntime: PackageResources.timing_py + PackageResources.onnxruntime_nodes_py
    case .openVINO: PackageResources.timing_py + PackageResources.openvino_nodes_py
    }
  }
}
