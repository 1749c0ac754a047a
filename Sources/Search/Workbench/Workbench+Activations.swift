internal import Engine
internal import Formats
internal import ModelGraph

extension Workbench {
  /// What a node of the dense model yields for so many images of the split, spread over it.
  ///
  /// - Throws: `GraphError` or `EngineError` for a node that cannot be computed alone, such as the input.
  package func activations(ofNode node: Int, images: Int) throws -> [Float] {
    var needed: Set<Int> = [node]
    for index in (0...node).reversed() where needed.contains(index) {
      needed.formUnion(model.graph.nodes[index].inputs)
    }
    let declarations = zip(1..., model.graph.declarations).filter { needed.contains($0.0) }
    let part = try Model(
      name: model.name,
      graph: Graph(input: model.graph.inputShape, declarations: declarations.map(\.1)),
      input: model.input, classes: [], parameters: model.parameters, changing: model)
    return Evaluator(evaluator.dataset.spread(images), threads: 1).outputs(of: try Program(part))
      ?? []
  }
}
