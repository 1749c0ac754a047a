internal import Formats
internal import ModelGraph
internal import Patterns

extension StrategyReport {
  /// Data that lie over the nodes of an exported model in Google's Model Explorer, each with the name of its file:
  /// what is kept of each node's MACs, and how far the logits move when that node alone is pruned most.
  ///
  /// Nodes are found by their names, which are those of exported ONNX files. Without losses there is the first alone.
  public var nodeData: [(name: String, json: String)] {
    var files = [("kept.json", keptShares)]
    if let losses { files.append(("sensitivity.json", greatestLosses(losses))) }
    return files.map { name, values in
      (name, Self.nodeData(values, isBadWhenGreat: name != "kept.json"))
    }
  }

  private var keptShares: [(node: String, value: Double)] {
    space.graph.nodes.indices.compactMap { index in
      let macs = space.graph.macs(of: index)
      guard macs > 0 else { return nil }
      let kept = space.cost(ofNode: index, file.strategy).macs
      return (space.graph.nodes[index].name, Double(kept) / Double(macs))
    }
  }

  private func greatestLosses(_ losses: Sensitivity) -> [(node: String, value: Double)] {
    space.graph.nodes.indices.compactMap { index in
      let own = space.graph.macs(of: index) > 0 ? space.units(of: index) : []
      let greatest = own.flatMap { losses.losses[unit: $0] }.max()
      return greatest.map { (space.graph.nodes[index].name, Double($0)) }
    }
  }

  private static func nodeData(
    _ values: [(node: String, value: Double)], isBadWhenGreat: Bool
  ) -> String {
    func stop(_ place: Int, _ colour: String) -> JSONValue {
      .object([.init("stop", .integer(place)), .init("bgColor", .string(colour))])
    }
    let colours = isBadWhenGreat ? ["#f3f4f4", "#e39a63"] : ["#5fb8b1", "#f3f4f4"]
    return JSONValue.object([
      .init(
        "results",
        .object(
          values.map {
            .init($0.node, .object([.init("value", .float(Float($0.value)))]))
          })),
      .init("gradient", .array([stop(0, colours[0]), stop(1, colours[1])])),
    ]).rendered()
  }
}
