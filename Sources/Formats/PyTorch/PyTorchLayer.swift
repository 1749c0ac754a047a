internal import ModelGraph

/// A node with parameters as one of PyTorch's modules.
struct PyTorchLayer: Hashable {
  /// A parameter under the name that the module has for it.
  struct Role: Hashable {
    let name: String
    let parameter: String
  }

  /// What makes the module: `nn.Linear(64, 10)`.
  let constructor: String
  /// Its parameters, weight first.
  let roles: [Role]

  /// The module's path if its parameters are called as in a state dict: `fc` for `fc.weight` and `fc.bias`.
  var path: String? {
    let ends = roles.map { ".\($0.name)" }
    guard zip(roles, ends).allSatisfy({ $0.parameter.hasSuffix($1) }) else { return nil }
    let paths = Set(zip(roles, ends).map { String($0.parameter.dropLast($1.count)) })
    return paths.count == 1 ? paths.first : nil
  }

  private init(_ constructor: String, _ roles: KeyValuePairs<String, String?>) {
    self.constructor = constructor
    self.roles = roles.compactMap { name, parameter in
      parameter.map { Role(name: name, parameter: $0) }
    }
  }

  /// The module of a node; nil for one without parameters of its own.
  ///
  /// - Parameter input: the shape of what it reads.
  init?(_ op: Operator, input: Shape) {
    switch op {
    case .convolution(let conv):
      self.init(
        Python.call(
          "nn.Conv2d",
          ["\(input.channels)", "\(conv.outputChannels)", Python.extent(conv.kernel)],
          [
            "stride": conv.strides == .one ? nil : Python.extent(conv.strides),
            "padding": conv.evenPads.flatMap { $0 == Extent(0, 0) ? nil : Python.extent($0) },
            "dilation": conv.dilations == .one ? nil : Python.extent(conv.dilations),
            "groups": conv.groups == 1 ? nil : "\(conv.groups)",
            "bias": conv.bias == nil ? "False" : nil,
          ]), ["weight": conv.weight, "bias": conv.bias])
    case .linear(let linear):
      self.init(
        Python.call(
          "nn.Linear", ["\(input.dimensions.last ?? 1)", "\(linear.outputFeatures)"],
          ["bias": linear.bias == nil ? "False" : nil]),
        ["weight": linear.weight, "bias": linear.bias])
    case .batchNormalization(let norm):
      self.init(
        Python.call(
          // More than three axes are flattened for it.
          input.rank == 3 ? "nn.BatchNorm2d" : "nn.BatchNorm1d", ["\(input.dimensions[0])"],
          ["eps": norm.epsilon == 1e-5 ? nil : Python.number(norm.epsilon)]),
        [
          "weight": norm.scale, "bias": norm.bias, "running_mean": norm.mean,
          "running_var": norm.variance,
        ])
    case .layerNormalization(let norm):
      let axes = Array(input.dimensions[norm.axis...])
      self.init(
        Python.call(
          "nn.LayerNorm", [axes.count == 1 ? "\(axes[0])" : Python.tuple(axes)],
          [
            "eps": norm.epsilon == 1e-5 ? nil : Python.number(norm.epsilon),
            "bias": norm.bias == nil ? "False" : nil,
          ]), ["weight": norm.scale, "bias": norm.bias])
    case .groupNormalization(let norm):
      self.init(
        Python.call(
          "nn.GroupNorm", ["\(norm.groups)", "\(input.dimensions[0])"],
          ["eps": norm.epsilon == 1e-5 ? nil : Python.number(norm.epsilon)]),
        ["weight": norm.scale, "bias": norm.bias])
    default: return nil
    }
  }
}

extension Convolution {
  /// Rows above and below, columns left and right; nil if PyTorch's layer cannot have such pads, as they differ.
  var evenPads: Extent? {
    pads.top == pads.bottom && pads.left == pads.right ? Extent(pads.top, pads.left) : nil
  }
}
