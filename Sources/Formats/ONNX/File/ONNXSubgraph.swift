internal import Foundation
internal import SwiftProtobuf

/// A graph within a node: a branch of an `If`, the body of a `Loop`. It may read the values around it.
struct ONNXSubgraph: Sendable {
  let nodes: [ONNXNode]
  /// Tensors by name.
  let constants: [String: ONNXTensor]
  /// What it is given.
  let inputs: [String]
  /// What it yields.
  let outputs: [ONNXValue]

  /// How deep graphs may stand within each other.
  static let greatestDepth = 16

  /// Nil if the bytes are no graph, or one too deep.
  init?(_ bytes: Data, file: String, names: inout DistinctNames, depth: Int) {
    guard depth < Self.greatestDepth, let graph = try? ProtoGraph(serializedBytes: bytes) else {
      return nil
    }
    var constants: [String: ONNXTensor] = [:]
    for tensor in graph.initializer {
      constants[names(tensor.name)] = try? ONNXTensor(tensor, file: file)
    }
    self.constants = constants
    nodes = graph.node.map { ONNXNode($0, file: file, names: &names, depth: depth + 1) }
    inputs = graph.input.map { names($0.name) }
    outputs = graph.output.map { ONNXValue($0, names: &names) }
  }

  /// The values around it that it reads, each once.
  var captures: [String] {
    var own = Set(inputs).union(constants.keys)
    var captured: [String] = []
    for node in nodes {
      for name in node.inputs + node.captures where !name.isEmpty && own.insert(name).inserted {
        captured.append(name)
      }
      own.formUnion(node.outputs)
    }
    for output in outputs where own.insert(output.name).inserted { captured.append(output.name) }
    return captured
  }
}
