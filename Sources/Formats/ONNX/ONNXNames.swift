/// What nodes and parameters are called: as in PyTorch's state dict where the file still knows.
enum ONNXNames {
  /// Whether an initializer's name is one that a person gave.
  static func isTelling(_ name: String) -> Bool {
    !name.isEmpty && !name.contains("::") && !name.hasPrefix("/") && Int(name) == nil
  }

  /// Operators that are called by their weights.
  private static let layers: Set<String> = [
    "Conv", "Gemm", "MatMul", "BatchNormalization", "LayerNormalization", "GroupNormalization",
    "InstanceNormalization", "PRelu",
  ]

  /// A name for a node.
  ///
  /// That of its weight, where it has one: `layer1.0.conv1` for `layer1.0.conv1.weight`. Otherwise the
  /// path that PyTorch's exporter writes: `layer1.0.add` for `/layer1/layer1.0/Add`.
  static func name(of node: ONNXNode, _ index: Int, weights: (String) -> Bool) -> String {
    let isLayer = layers.contains(node.kind)
    for input in node.inputs.dropFirst() where isLayer && weights(input) && isTelling(input) {
      for suffix in [".weight", "_weight", ".kernel", ".gamma"] where input.hasSuffix(suffix) {
        return String(input.dropLast(suffix.count))
      }
    }
    guard node.name.contains("/") else {
      return node.name.isEmpty ? "\(node.kind.lowercased())\(index)" : node.name
    }
    var path = ""
    var last: Substring = ""
    for component in node.name.split(separator: "/") {
      // Members of a sequence are called like it: `mlp/mlp.0`.
      if component.hasPrefix(last + ".") { path.removeLast(min(last.count + 1, path.count)) }
      path += path.isEmpty ? component : ".\(component)"
      last = component
    }
    // The last part is the operator: no more than it says itself.
    var parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if let last = parts.last, parts.count > 1 || last.hasPrefix(node.kind) {
      let hasWeights = isLayer && node.inputs.dropFirst().contains(where: weights)
      if hasWeights && last == node.kind && parts.count > 1 {
        parts.removeLast()
      } else {
        parts[parts.count - 1] = last.lowercased()
      }
    }
    return parts.joined(separator: ".")
  }

  /// What a layer that was written in small operators is called: `ln_1` for `ln_1.mul`.
  static func stem(_ name: String) -> String? {
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
    let last = name[name.index(after: dot)...].prefix { $0 != "_" }
    return ["add", "mul", "div"].contains(last) ? String(name[..<dot]) : nil
  }
}
