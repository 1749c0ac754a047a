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

extension Pattern {
  /// Whether the engine runs what this pattern leaves faster than the whole.
  public func pays(on engine: TargetEngine) -> Bool {
    switch self {
    case .dense, .filter, .head, .neuron: true
    case .stripe, .taps, .masks, .tile: engine == .native
    case .thirds, .boxes: engine == .onnx || engine == .openvino
    case .nOfM(let density): engine == .tensorrt && density == Density(2, 4)
    }
  }
}

extension PatternLibrary {
  /// The patterns that make a model faster on `engine`.
  public func offered(on engine: TargetEngine) -> PatternLibrary {
    PatternLibrary(patterns.filter { $0.pays(on: engine) })
  }
}
