internal import Engine
internal import ModelGraph
internal import Patterns

extension Model {
  /// The model with each channel of some nodes' outputs scaled and shifted: in the batch-norm that
  /// follows, otherwise in the weight and the bias, which a node gets if it has none.
  func correcting(
    _ corrections: [Int: Calibration.Correction]
  ) throws(GraphError) -> Model {
    var parameters = self.parameters
    var declarations = graph.declarations
    for (node, correction) in corrections {
      if let norm = graph.soleBatchNormalization(after: node) {
        parameters[norm.scale]?.multiply(by: correction.scale)
        parameters[norm.bias]?.multiply(by: correction.scale)
        parameters[norm.bias]?.add(correction.shift)
        continue
      }
      /// Corrects a weight and a bias; returns the bias's name.
      func correct(weight: String, bias: String?) -> String {
        let bias = bias ?? graph.nodes[node].name + ".bias"
        let count = correction.scale.count
        parameters[weight]?.multiply(by: correction.scale)
        parameters[bias, default: .zeros(count)].multiply(by: correction.scale)
        parameters[bias]?.add(correction.shift)
        return bias
      }
      switch declarations[node - 1].op {
      case .convolution(var conv):
        conv.bias = correct(weight: conv.weight, bias: conv.bias)
        declarations[node - 1].op = .convolution(conv)
      case .linear(var linear):
        linear.bias = correct(weight: linear.weight, bias: linear.bias)
        declarations[node - 1].op = .linear(linear)
      default: continue
      }
    }
    return try Model(
      name: name, graph: Graph(input: graph.inputShape, declarations: declarations), input: input,
      classes: classes, parameters: parameters)
  }
}

extension Graph {
  /// The batch-norm that alone reads node `index`, if one does.
  func soleBatchNormalization(after index: Int) -> BatchNormalization? {
    guard consumers[index].count == 1,
      case .batchNormalization(let norm) = nodes[consumers[index][0]].op
    else { return nil }
    return norm
  }
}

extension Parameter {
  fileprivate static func zeros(_ count: Int) -> Parameter {
    Parameter(shape: [count], values: [Float](repeating: 0, count: count))
  }

  /// Multiplies each row with its factor.
  fileprivate mutating func multiply(by factors: [Float]) {
    let row = values.count / factors.count
    for index in values.indices { values[index] *= factors[index / row] }
  }

  fileprivate mutating func add(_ terms: [Float]) {
    for index in values.indices { values[index] += terms[index] }
  }
}
