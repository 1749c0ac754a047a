internal import Foundation

/// ONNX Runtime timing the single nodes of models, in a process of its own.
public final class NodeProfiler {
  private let peer: Peer

  /// Its name and version.
  public var name: String { peer.name }

  /// Starts it.
  /// - Throws: `PeerError` if Python or the package is missing.
  public init() throws {
    peer = try Peer(onnxRuntimeProfiling: ())
  }

  /// A node of the graph that ONNX Runtime made of a model.
  public struct Node: Sendable, Hashable {
    /// As ONNX Runtime calls it: after the last one of the nodes that it fused, or by a name of its own.
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
      let models = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [[[Any]]],
      models.count == 2
    else { throw PeerError(description: "ONNX Runtime answers '\(answer.prefix(100))'") }
    func nodes(_ rows: [[Any]]) -> [Node] {
      rows.compactMap { row in
        guard row.count == 2, let name = row[0] as? String, let seconds = row[1] as? Double
        else { return nil }
        return Node(name: name, seconds: seconds)
      }
    }
    return (nodes(models[0]), nodes(models[1]))
  }
}
