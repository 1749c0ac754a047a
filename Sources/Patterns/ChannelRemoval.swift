internal import ModelGraph

/// Removes channels from a model for good: every tensor that holds them gets smaller.
struct ChannelRemoval {
  let model: Model
  let groups: ChannelGroups
  /// For each group the channels that stay, ascending; all of them if nil.
  let kept: [[Int]?]

  /// The smaller model.
  func apply() throws(GraphError) -> Model {
    let graph = model.graph
    var parameters = model.parameters
    let declarations = graph.nodes.indices.dropFirst().map { index in
      let node = graph.nodes[index]
      let outputs = kept[groups.groupOfNode[index]]
      let inputs = node.inputs.first.flatMap { features(readFrom: $0) }
      for declaration in graph.parameters(of: index) {
        guard let parameter = parameters[declaration.name] else { continue }
        let columns = declaration.shape.count > 1 && !isDepthwise(index) ? inputs : nil
        parameters[declaration.name] = parameter.keeping(rows: outputs, columns: columns)
      }
      return NodeDeclaration(
        name: node.name, op: resized(node.op, index, outputs: outputs?.count),
        inputs: node.inputs.map { graph.nodes[$0].name })
    }
    return try Model(
      name: model.name, graph: Graph(input: graph.inputShape, declarations: declarations),
      input: model.input, classes: model.classes, parameters: parameters)
  }

  /// The features that stay of those a weight reads from node `source`: `span` for each channel.
  private func features(readFrom source: Int) -> [Int]? {
    let group = groups.groupOfNode[source]
    let span = model.graph.nodes[source].shape.channels / groups.groups[group].channels
    return kept[group]?.flatMap { $0 * span..<($0 + 1) * span }
  }

  private func isDepthwise(_ index: Int) -> Bool {
    guard case .convolution(let conv) = model.graph.nodes[index].op else { return false }
    return conv.groups > 1
  }

  private func resized(_ op: Operator, _ index: Int, outputs: Int?) -> Operator {
    guard let outputs else { return op }
    switch op {
    case .convolution(var conv):
      if conv.groups > 1 { conv.groups = outputs }
      conv.outputChannels = outputs
      return .convolution(conv)
    case .linear(var linear):
      linear.outputFeatures = outputs
      return .linear(linear)
    default:
      return op
    }
  }
}

extension Parameter {
  /// The parameter with only some indices of its first and second extent; all where nil.
  fileprivate func keeping(rows: [Int]?, columns: [Int]?) -> Parameter {
    guard rows != nil || columns != nil else { return self }
    let rows = rows ?? Array(0..<shape[0])
    guard shape.count > 1 else {
      return Parameter(shape: [rows.count], values: rows.map { values[$0] })
    }
    let columns = columns ?? Array(0..<shape[1])
    let inner = shape[2...].reduce(1, *)
    var result: [Float] = []
    result.reserveCapacity(rows.count * columns.count * inner)
    for row in rows {
      for column in columns {
        let start = (row * shape[1] + column) * inner
        result += values[start..<start + inner]
      }
    }
    return Parameter(shape: [rows.count, columns.count] + shape[2...], values: result)
  }
}
