internal import ModelGraph

extension ONNXExporter {
  mutating func add(_ activation: Activation, _ node: Node) {
    let x = source(node)
    switch activation {
    case .relu, .sigmoid, .hardSwish, .tanh, .erf, .exp, .sqrt: emit(activation.name, [x])
    case .leakyRelu(let slope): emit("LeakyRelu", [x], [.float("alpha", slope)])
    case .hardSigmoid(let alpha, let beta):
      emit("HardSigmoid", [x], [.float("alpha", alpha), .float("beta", beta)])
    case .clip(let low, let high):
      // A bound that is left out has an empty name.
      let least = low.isFinite ? number(low) : ""
      emit("Clip", high.isFinite ? [x, least, number(high)] : [x, least])
    case .silu: emit("Mul", [x, emit("Sigmoid", [x])])
    case .gelu(isApproximate: false):
      addGELU(x, emit("Erf", [emit("Div", [x, number(Float(2).squareRoot())])]))
    case .gelu(isApproximate: true):
      let cube = emit("Mul", [x, emit("Mul", [x, x])])
      let sum = emit("Add", [x, emit("Mul", [cube, number(0.044715)])])
      addGELU(x, emit("Tanh", [emit("Mul", [sum, number((2 / Float.pi).squareRoot())])]))
    }
  }

  /// x (1 + gate) / 2.
  private mutating func addGELU(_ x: String, _ gate: String) {
    emit("Mul", [emit("Mul", [x, emit("Add", [gate, number(1)])]), number(0.5)])
  }
}
