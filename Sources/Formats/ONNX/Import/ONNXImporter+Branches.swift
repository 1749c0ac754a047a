internal import ModelGraph

extension ONNXImporter {
  /// `If` with a condition that is known: the graph of the branch taken, in the node's place.
  ///
  /// Its values hide those of the same name around it as long as it is read.
  mutating func addBranch(of node: ONNXNode, _ index: Int) throws {
    guard let name = node.input(0), let binding = bindings[name] else {
      throw Failure(reason: "has no condition")
    }
    guard case .constant(let condition) = binding, condition.count == 1 else {
      throw Failure(reason: "decides by what it computes from the image")
    }
    let holds = try values(condition).floats[0] != 0
    guard let branch = node.graph(holds ? "then_branch" : "else_branch"),
      branch.outputs.count == node.outputs.count
    else { throw Failure(reason: "has no such branch, or one of other outputs") }
    let around = bindings
    for (name, tensor) in branch.constants { bindings[name] = .constant(.known(tensor)) }
    for node in branch.nodes { try add(node, index) }
    let results = branch.outputs.map { bindings[$0.name] }
    bindings = around
    for (output, result) in zip(node.outputs, results) where !output.isEmpty {
      guard let result else { throw Failure(reason: "has a branch that yields nothing") }
      bindings[output] = result
    }
  }
}
