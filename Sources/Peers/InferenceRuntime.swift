/// An engine that runs ONNX files, by its package for Python.
public enum InferenceRuntime: String, CaseIterable, Sendable {
  /// Microsoft's ONNX Runtime, package `onnxruntime`.
  case onnxRuntime = "ONNX Runtime"
  /// Intel's OpenVINO, package `openvino`.
  case openVINO = "OpenVINO"

  /// How its models are run, with which every script begins.
  private var networks: [UInt8] {
    switch self {
    case .onnxRuntime: PackageResources.prelude_py + PackageResources.onnxruntime_py
    case .openVINO: PackageResources.prelude_py + PackageResources.openvino_py
    }
  }

  /// A script that runs one model.
  var script: [UInt8] { networks + PackageResources.peer_py }

  /// What a script has that times the nodes of models.
  var timing: [UInt8] { networks + PackageResources.timing_py }
}
