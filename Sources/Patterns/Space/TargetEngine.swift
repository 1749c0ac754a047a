/// The engine that is to run the pruned model: it decides which patterns make it faster.
public enum TargetEngine: String, CaseIterable, Hashable, Sendable, Codable {
  /// Sculpt's own engine, which leaves out taps and tiles.
  case native
  /// ONNX Runtime and its like: dense operators only, but smaller ones.
  case onnx
  /// Intel's OpenVINO, likewise.
  case openvino
  /// TensorRT on NVIDIA's sparse tensor cores: smaller operators, and two of every four weights.
  case tensorrt
}
