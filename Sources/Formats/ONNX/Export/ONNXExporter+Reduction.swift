internal import ModelGraph

extension ONNXExporter {
  /// The mean over some axes; over none, every value is its own.
  mutating func addMean(over axes: [Int], _ keepsAxes: Bool, _ node: Node) {
    guard !axes.isEmpty else {
      emit("Identity", [source(node)])
      return
    }
    emit(
      "ReduceMean", [source(node)],
      [
        .integers("axes", Set(axes).sorted().map { $0 + 1 }),
        .integer("keepdims", keepsAxes ? 1 : 0),
      ])
  }

  /// The first of the greatest values, a number as all activations are.
  mutating func addArgMax(_ axis: Int, _ keepsAxis: Bool, _ node: Node) {
    let place = emit(
      "ArgMax", [source(node)],
      [
        .integer("axis", axis + 1), .integer("keepdims", keepsAxis ? 1 : 0),
      ])
    emit("Cast", [place], [.integer("to", ONNXElementType.float.rawValue)])
  }
}
