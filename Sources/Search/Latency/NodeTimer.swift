internal import Engine
internal import Formats
internal import Foundation
internal import Metrics
internal import ModelGraph
internal import Patterns
internal import Peers
internal import Pruning

/// Times the single nodes of a network, pruned and dense in turn: what a `LatencyTable` is measured with. The dense
/// one is made ready when it is first timed: a table that was kept needs the name alone.
protocol NodeTimer {
  /// The engine's name, with its version.
  var name: String { get }
  /// Seconds of the dense network's nodes, by node; fused nodes count with the first of them.
  func denseSeconds() throws -> [Int: Double]
  /// The time of each node of a pruned network, with what was put in front of it, as a share of the same node's in
  /// the dense one, and the seconds of the whole dense one; nodes that were not found in both are left out.
  func shares(of pruned: LoweredModel) throws -> (shares: [Int: Double], dense: Double)
}

extension TargetEngine {
  /// A timer of a model's nodes on this engine.
  /// - Throws: `SearchError` if the engine cannot be timed here.
  func nodeTimer(of dense: Model) throws -> any NodeTimer {
    switch self {
    case .native: return NativeNodeTimer(dense)
    case .onnx, .openvino, .tensorrt:
      guard let runtime else { throw SearchError.untimed(self) }
      return try RuntimeNodeTimer(runtime, dense)
    }
  }
}

extension SearchError {
  /// Nothing here can time an engine.
  static func untimed(_ engine: TargetEngine) -> SearchError {
    SearchError("times are measured on native, onnx and openvino, not on \(engine)")
  }
}

/// Times nodes in the native engine.
private final class NativeNodeTimer: NodeTimer {
  let name = "native"
  private lazy var dense = Result { try Program(model, imagesPerPass: 1) }
  private let model: Model
  private static let rounds = 7

  init(_ model: Model) { self.model = model }

  func denseSeconds() throws -> [Int: Double] {
    LatencyProbe(try dense.get()).secondsOfNodes(rounds: 3 * Self.rounds)
  }

  func shares(of pruned: LoweredModel) throws -> (shares: [Int: Double], dense: Double) {
    let dense = LatencyProbe(try dense.get())
    let probe = LatencyProbe(try Program(pruned.model, imagesPerPass: 1))
    var ratios: [Int: [Double]] = [:]
    var wholes: [Double] = []
    for _ in 0..<Self.rounds {
      let before = dense.secondsOfNodes(rounds: 1)
      wholes.append(before.values.reduce(0, +))
      let after = Dictionary(
        probe.secondsOfNodes(rounds: 1).map { (pruned.origins[$0.key], $0.value) },
        uniquingKeysWith: +)
      for (node, after) in after {
        if let before = before[node] { ratios[node, default: []].append(after / before) }
      }
    }
    return (ratios.mapValues(\.median), wholes.median)
  }
}

/// Times nodes in another engine, which fuses them in its own way.
private final class RuntimeNodeTimer: NodeTimer {
  var name: String { profiler.name }
  private let nodes: FusedNodes
  private let profiler: NodeProfiler
  private let folder: TemporaryFolder
  private lazy var path = Result { try folder.write(model, as: "dense.onnx") }
  private let model: Model

  init(_ runtime: InferenceRuntime, _ model: Model) throws {
    profiler = try NodeProfiler(runtime)
    nodes = FusedNodes(model.graph)
    folder = try TemporaryFolder()
    self.model = model
  }

  func denseSeconds() throws -> [Int: Double] {
    let path = try path.get()
    return nodes.seconds(try profiler.nodes(of: path, and: path).second)
  }

  func shares(of pruned: LoweredModel) throws -> (shares: [Int: Double], dense: Double) {
    let timed = try folder.writing(pruned.model, as: "pruned.onnx") {
      try profiler.nodes(of: path.get(), and: $0)
    }
    return nodes.shares(of: timed.second, beside: timed.first)
  }
}
