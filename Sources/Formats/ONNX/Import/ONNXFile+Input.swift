internal import ModelGraph

extension ONNXFile {
  /// How an image becomes the input: as the file says; otherwise integers are taken as they are by a network
  /// that reads integers, and brought to 0...1 for any other.
  func inputDescription(_ layout: ImageLayout) -> InputDescription {
    var input =
      metadata.input
      ?? InputDescription(scale: inputs.first?.type?.isInteger ?? false ? 1 : 1 / 255)
    input.layout = layout
    return input
  }

  /// Whether the input is `[N, H, W, C]`: as the file says, otherwise told by what reads it, or by its extents.
  var imageLayout: ImageLayout {
    if let own = metadata.input { return own.layout }
    guard let input = inputs.first, let shape = input.shape, shape.count == 4 else {
      return .channelsFirst
    }
    let readers = firstReaders(of: input.name)
    if !readers.isEmpty {
      let areTransposed = readers.map { node in
        node.kind == "Transpose" && (try? node.integers("perm")) == [0, 3, 1, 2]
      }
      if areTransposed.allSatisfy({ $0 }) { return .channelsLast }
      if readers.contains(where: { Self.readsChannelsFirst.contains($0.kind) }) {
        return .channelsFirst
      }
    }
    guard let first = shape[1], let rows = shape[2], let last = shape[3] else {
      return .channelsFirst
    }
    return [1, 3].contains(last) && first > 3 && rows > 3 ? .channelsLast : .channelsFirst
  }

  /// Operators that find channels behind the batch.
  private static let readsChannelsFirst: Set<String> = [
    "Conv", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "BatchNormalization",
    "InstanceNormalization", "GroupNormalization", "Resize", "Upsample", "QLinearConv",
  ]
  /// Operators that compute each value by itself.
  private static let keepsLayout: Set<String> = [
    "Cast", "Identity", "Add", "Sub", "Mul", "Div", "Clip", "QuantizeLinear", "DequantizeLinear",
  ]

  /// The first operators behind a value that do more than compute each element by itself.
  private func firstReaders(of value: String) -> [ONNXNode] {
    var values: Set<String> = [value]
    var readers: [ONNXNode] = []
    for node in nodes where node.inputs.contains(where: values.contains) {
      if Self.keepsLayout.contains(node.kind) {
        values.formUnion(node.outputs)
      } else {
        readers.append(node)
      }
    }
    return readers
  }
}
