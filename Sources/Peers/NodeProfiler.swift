internal import Foundation

/// An engine timing the single nodes of models, in a process of its own.
public final class NodeProfiler {
  private let peer: Peer

  /// Its name and version.
  public var name: String { peer.name }

  /// Starts it.
  /// - Throws: `PeerError` if Python or the package is missing.
  public init(_ runtime: InferenceRuntime) throws {
    peer = try Peer(profilingIn: runtime)
  }

  /// A script that times the networks of a kit on another device, which needs Python and ONNX Runtime alone.
  public static var kitScript: [UInt8] {
    Array(
      "# Runs every network of a kit beside the dense one: python3 measure.py [table.json]\n".utf8)
      + InferenceRuntime.onnxRuntime.timing + PackageResources.kit_py
  }

  /// A node of the graph that the engine made of a model.
  public struct Node: Sendable, Hashable {
    /// As the engine calls it: after the last one of the nodes that ONNX Runtime fused, the first of OpenVINO's, or by
    /// a name of its own.
    public let name: String
    /// For one image on one thread.
    public let seconds: Double
  }

  /// The nodes of two ONNX files in the order in which they run, the models timed in turn.
  /// - Throws: `PeerError` if it stopped.
  public func nodes(of first: String, and second: String) throws -> (first: [Node], second: [Node])
  {
    let answer = try peer.answer(to: "\(first)\t\(second)")
    guard
      let models = try? JSONDecoder().decode([[Node]].self, from: Data(answer.utf8)),
      models.count == 2
    else { throw PeerError(description: "\(name) answers '\(answer.prefix(100))'") }
    return (models[0], models[1])
  }
}

extension NodeProfiler.Node: Decodable {
  /// Reads `["conv1", 0.001]`.
  public init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    self.init(
      name: try values.decode(String.self), seconds: try values.decode(Double.self))
  }
}
