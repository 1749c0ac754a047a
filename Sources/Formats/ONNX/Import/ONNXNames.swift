internal import ModelGraph

/// The names of nodes and parameters: as in PyTorch's state dict where the file still knows.
enum ONNXNames {
  /// Whether an initializer's name is one that a person gave.
  static func isTelling(_ name: String) -> Bool {
    let number = name.hasPrefix("val_") ? String(name.dropFirst(4)) : name
    return !name.isEmpty && !name.contains("::") && !name.contains(" ") && !name.hasPrefix("/")
      && Int(number) == nil
  }

  /// The name that a person gave a constant or the tensor that it is made of, if there is one.
  static func given(_ value: String, _ constant: ONNXConstant) -> String? {
    let names = [value, constant.origin ?? ""]
    if case .dequantized = constant { return names.reversed().first(where: isTelling) }
    return names.first(where: isTelling)
  }

  /// Operators that are called by their weights.
  private static let layers: Set<String> = [
    "Conv", "Gemm", "MatMul", "BatchNormalization", "LayerNormalization", "GroupNormalization",
    "InstanceNormalization", "PRelu",
  ]

  /// A name for a node.
  ///
  /// That of its weight, where it has one: `layer1.0.conv1` for `layer1.0.conv1.weight`. Otherwise the
  /// module that PyTorch's exporters write down, and the operator: `layer1.0.add`.
  static func name(of node: ONNXNode, _ index: Int, weights: (String) -> Bool) -> String {
    let isLayer = layers.contains(node.kind)
    for input in node.inputs.dropFirst() where isLayer && weights(input) && isTelling(input) {
      for suffix in [".weight", "_weight", ".kernel", ".gamma"] where input.hasSuffix(suffix) {
        return String(input.dropLast(suffix.count))
      }
    }
    let (module, last) = place(of: node)
    guard let last else {
      return node.name.isEmpty ? "\(node.kind.lowercased())\(index)" : node.name
    }
    guard !module.isEmpty else { return last.lowercased() }
    let hasWeights = isLayer && node.inputs.dropFirst().contains(where: weights)
    let isSaid = module.split(separator: ".").last.map { $0.lowercased() } == last.lowercased()
    return hasWeights && last == node.kind || isSaid ? module : "\(module).\(last.lowercased())"
  }

  /// The module that a node belongs to and what it is there, if the file tells.
  private static func place(of node: ONNXNode) -> (module: String, last: String?) {
    if node.scopes.count > 1 { return (node.scopes[node.scopes.count - 2], node.kind) }
    guard node.name.contains("/") else { return ("", nil) }
    // The older exporter writes `/layer1/layer1.0/Add`.
    var path: [Substring] = []
    for component in node.name.split(separator: "/") {
      // Members of a sequence are called like it: `mlp/mlp.0`.
      if let last = path.last, component.hasPrefix(last + ".") { path.removeLast() }
      path.append(component)
    }
    return (path.dropLast().joined(separator: "."), path.last.map(String.init))
  }

  /// The part before the last dot, or all of a name without one.
  static func parent(of name: String) -> String {
    name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }

  /// Better names for the nodes of a finished graph.
  ///
  /// A node that is all there is of a module is called like that: `layer1.0.relu` for
  /// `layer1.0.relu.relu`; so is a layer that was written in small operators, `ln_1` for `ln_1.mul`.
  static func modules(of nodes: [(name: String, op: Operator)]) -> [String: String] {
    var counts: [String: Int] = [:]
    for (name, _) in nodes {
      counts[name, default: 0] += 1
      var stem = name
      while stem.contains(".") {
        stem = parent(of: stem)
        counts[stem, default: 0] += 1
      }
    }
    var taken = Set(nodes.map(\.name) + [GraphDraft.input])
    var names: [String: String] = [:]
    for (name, op) in nodes {
      let stem = parent(of: name)
      guard let better = better(name, op, stem, isAlone: counts[stem] == 1),
        taken.insert(better).inserted
      else { continue }
      names[name] = better
    }
    return names
  }

  private static func better(
    _ name: String, _ op: Operator, _ stem: String, isAlone: Bool
  ) -> String? {
    guard stem != name, !isCalledByItsWeight(name, op) else { return nil }
    switch op {
    case .constant: return nil
    case .channelShuffle: return "\(stem).shuffle"
    case .activation, .layerNormalization, .linear, .convolution:
      let last = name.dropFirst(stem.count + 1).prefix { $0 != "_" }
      return isAlone || ["add", "mul", "div"].contains(last) ? stem : nil
    default: return isAlone ? stem : nil
    }
  }

  private static func isCalledByItsWeight(_ name: String, _ op: Operator) -> Bool {
    let weight: String? =
      switch op {
      case .convolution(let convolution): convolution.weight
      case .linear(let linear): linear.weight
      case .batchNormalization(let norm): norm.scale
      case .layerNormalization(let norm): norm.scale
      case .groupNormalization(let norm): norm.scale
      case .parametricRelu(let slope): slope.parameter
      default: nil
      }
    return weight?.hasPrefix(name + ".") ?? false
  }
}
