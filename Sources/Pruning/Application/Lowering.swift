public import ModelGraph
internal import Patterns

/// A pruned model without the inputs that no filter of a layer reads: see `PrunedModel.lowered()`. Taps that no filter
/// reads are left out where a model is written: see `Convolution.boxes(holding:most:)`.
public struct LoweredModel: Sendable {
  /// Computes what the pruned model computes.
  public let model: Model
  /// For each of its nodes the node of the pruned model whose work, or a part of it, it does.
  public let origins: [Int]
}

extension PrunedModel {
  /// The model as it is measured, timed and written: layers of which every filter masks the same inputs are
  /// not given them any more, and their weights are really smaller. Its MACs and parameters are `cost` then, as far
  /// as no other weights are masked.
  ///
  /// A slice in front of the layer, or a gather where what stays is in several parts, takes the inputs that
  /// stay; the layer keeps its name. A weight that something else uses, too, stays whole. Corrections and training work
  /// on `model`, whose nodes are those of the dense one.
  /// - Throws: `GraphError` if the graph that results is none, which no pruned model leads to.
  public func lowered() throws(GraphError) -> LoweredModel {
    let graph = model.graph
    guard !keptInputs.isEmpty else {
      return LoweredModel(model: model, origins: Array(graph.nodes.indices))
    }
    var names = Set(graph.nodes.map(\.name))
    let layers = graph.layersOfWeights
    var parameters = model.parameters
    var declarations: [NodeDeclaration] = []
    var origins = [0]
    for (index, var declaration) in zip(1..., graph.declarations) {
      if let kept = keptInputs[index], let weight = graph.weight(of: index),
        layers[weight.name]?.allSatisfy({ keptInputs[$0] == kept }) == true,
        let selection = graph.selection(of: kept, readBy: index)
      {
        // Called after its layer, as all that is a part of one.
        var name = declaration.name + ".kept"
        while !names.insert(name).inserted { name += "_" }
        declarations.append(
          NodeDeclaration(name: name, op: selection, inputs: declaration.inputs))
        origins.append(index)
        declaration.inputs = [name]
        parameters[weight.name] = model.parameters[weight.name]?.keeping(kept, along: 1)
      }
      declarations.append(declaration)
      origins.append(index)
    }
    let lowered = try Model(
      name: model.name, graph: Graph(input: graph.inputShape, declarations: declarations),
      input: model.input, classes: model.classes, parameters: parameters)
    return LoweredModel(model: lowered, origins: origins)
  }
}

extension Graph {
  /// The operator that takes those inputs of each filter from all that layer `index` reads; nil if it is no layer.
  fileprivate func selection(of kept: [Int], readBy index: Int) -> Operator? {
    let source = nodes[nodes[index].inputs[0]].shape
    switch nodes[index].op {
    case .linear: return Slice(of: source).selecting(kept, along: source.rank - 1)
    case .convolution(let conv):
      let perGroup = source.channels / conv.groups
      let places = (0..<conv.groups).flatMap { group in kept.map { group * perGroup + $0 } }
      return Slice(of: source).selecting(places, along: 0)
    default: return nil
    }
  }
}

extension Slice {
  /// All of an activation.
  fileprivate init(of shape: Shape) {
    self.init(starts: shape.dimensions.map { _ in 0 }, counts: shape.dimensions)
  }

  /// The slice with other places along an axis; a gather of them if they are not evenly spaced.
  func selecting(_ places: [Int], along axis: Int) -> Operator {
    let steps = zip(places, places.dropFirst()).map { $1 - $0 }
    guard let first = places.first, steps.allSatisfy({ $0 == steps[0] }) else {
      return .gather(Gather(axis: axis, indices: places, indicesShape: [places.count]))
    }
    var slice = self
    slice.starts[axis] = first
    slice.counts[axis] = places.count
    slice.steps[axis] = steps.first ?? 1
    return .slice(slice)
  }
}
