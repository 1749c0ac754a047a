internal import ModelGraph

extension PyTorchExporter {
  /// What a node yields, in Python.
  ///
  /// No case is left out: a new operator does not compile before it can be written.
  mutating func expression(_ index: Int) throws(FormatError) -> String {
    let node = model.graph.nodes[index]
    switch node.op {
    case .input: return Variables.input
    case .constant: return activation(index)
    case .arithmetic(let arithmetic): return reckon(arithmetic, node)
    case .matMul: return operands(node).joined(separator: " @ ")
    case .attention(let attention):
      return Python.call(
        function(.attention), node.inputs.map { activation($0) },
        ["heads": "\(attention.heads)", "scale": Python.number(attention.scale)])
    case .concat(let axis):
      let parts = node.inputs.map { activation($0) }
      return "torch.cat(\(Python.tuple(parts)), dim=\(axis + 1))"
    case .unsupported(let unsupported):
      throw FormatError(
        file,
        "node \(node.name.quoted) (\(unsupported.kind)) cannot be written: it \(unsupported.reason)",
        remedy: "take it out of the model")
    default: break
    }
    let x = activation(node.inputs[0])
    let rank = shape(node).count
    switch node.op {
    case .input, .constant, .arithmetic, .matMul, .attention, .concat, .unsupported: return x
    case .convolution(let declared): return convolve(x, convolution(index, declared), index)
    case .linear(let linear):
      guard let module = module(index) else {
        return Python.call(
          "F.linear", [x, tensor(linear.weight)] + (linear.bias.map { [tensor($0)] } ?? []))
      }
      return "\(module)(\(x))"
    case .batchNormalization(let norm): return normalize(x, norm, index)
    case .layerNormalization(let norm):
      guard let module = module(index) else {
        return Python.call(
          "F.layer_norm", [x, Python.tuple(Array(shape(node)[norm.axis...]))],
          [
            "weight": tensor(norm.scale), "bias": norm.bias.map { tensor($0) },
            "eps": Python.number(norm.epsilon),
          ])
      }
      return "\(module)(\(x))"
    case .groupNormalization(let norm):
      guard let module = module(index) else {
        return Python.call(
          "F.group_norm", [x, "\(norm.groups)"],
          [
            "weight": tensor(norm.scale), "bias": tensor(norm.bias),
            "eps": Python.number(norm.epsilon),
          ])
      }
      return "\(module)(\(x))"
    case .activation(let activation): return apply(activation, to: x)
    case .parametricRelu(let slope):
      return "torch.where(\(x) < 0, \(tensor(slope.parameter)) * \(x), \(x))"
    case .softmax(let axis): return "\(x).softmax(\(axis + 1))"
    case .maxPool(let pooling): return maxPool(x, pooling, node)
    case .averagePool(let pooling): return averagePool(x, pooling, node)
    case .globalAveragePool: return "\(x).mean((2, 3), keepdim=True)"
    case .reduceMean(let axes, let keepsAxes):
      // Over no axes, every value is its own mean.
      guard !axes.isEmpty else { return x }
      return Python.call(
        "\(x).mean", [Python.tuple(Set(axes).sorted().map { $0 + 1 })],
        ["keepdim": keepsAxes ? "True" : nil])
    case .argMax(let axis, let keepsAxis):
      return Python.call("\(x).argmax", ["\(axis + 1)"], ["keepdim": keepsAxis ? "True" : nil])
        + ".float()"
    case .slice(let slice): return cut(x, slice, of: shape(node))
    case .gather(let gather): return pick(x, gather, index)
    case .flatten: return rank > 0 ? "\(x).flatten(1)" : "\(x)[:, None]"
    case .reshape(let shape):
      return Python.call("\(x).reshape", ["-1"] + shape.dimensions.map(String.init))
    case .transpose(let permutation):
      return Python.call("\(x).permute", ["0"] + permutation.map { "\($0 + 1)" })
    case .expand:
      let value = rank < node.shape.rank ? operands(node)[0] : x
      return Python.call("\(value).expand", ["-1"] + node.shape.dimensions.map(String.init))
    case .pad(let padding): return pad(x, padding, index)
    case .resize(let resize): return self.resize(x, resize, shape(node))
    case .channelShuffle(let groups): return "F.channel_shuffle(\(x), \(groups))"
    }
  }

  // MARK: Functions of single values

  private func apply(_ activation: Activation, to x: String) -> String {
    switch activation {
    case .relu: "F.relu(\(x))"
    case .leakyRelu(let slope): "F.leaky_relu(\(x), \(Python.number(slope)))"
    case .clip(0, 6): "F.relu6(\(x))"
    case .clip(let low, let high):
      Python.call(
        "\(x).clamp", [],
        [
          "min": low.isFinite ? Python.number(low) : nil,
          "max": high.isFinite ? Python.number(high) : nil,
        ])
    case .sigmoid: "\(x).sigmoid()"
    case .hardSigmoid(let alpha, let beta):
      "(\(Python.number(alpha)) * \(x) + \(Python.number(beta))).clamp(0, 1)"
    case .hardSwish: "F.hardswish(\(x))"
    case .silu: "F.silu(\(x))"
    case .gelu(isApproximate: false): "F.gelu(\(x))"
    case .gelu(isApproximate: true): "F.gelu(\(x), approximate=\"tanh\")"
    case .tanh: "\(x).tanh()"
    case .erf: "\(x).erf()"
    case .exp: "\(x).exp()"
    case .sqrt: "\(x).sqrt()"
    }
  }

  private mutating func reckon(_ arithmetic: Arithmetic, _ node: Node) -> String {
    let operands = operands(node)
    let (left, right) = (operands[0], operands[1])
    // A bound is given as a number if it is one.
    let number = node.inputs.first { inlinedNumber($0) != nil }
    let bound = number.flatMap { inlinedNumber($0) }
    let other = number == node.inputs[0] ? right : left
    switch arithmetic {
    case .add: return "\(left) + \(right)"
    case .subtract: return "\(left) - \(right)"
    case .multiply: return "\(left) * \(right)"
    case .divide: return "\(left) / \(right)"
    case .power: return left.hasPrefix("-") ? "(\(left)) ** \(right)" : "\(left) ** \(right)"
    case .maximum:
      return bound.map { "\(other).clamp(min=\($0))" } ?? "torch.maximum(\(left), \(right))"
    case .minimum:
      return bound.map { "\(other).clamp(max=\($0))" } ?? "torch.minimum(\(left), \(right))"
    }
  }

  // MARK: Layers

  private func convolve(_ x: String, _ conv: Convolution, _ index: Int) -> String {
    let pads = conv.pads
    let source =
      conv.evenPads == nil
      ? "F.pad(\(x), \(Python.tuple([pads.left, pads.right, pads.top, pads.bottom])))" : x
    if let module = module(index) { return "\(module)(\(source))" }
    return Python.call(
      "F.conv2d", [source, tensor(conv.weight)] + (conv.bias.map { [tensor($0)] } ?? []),
      [
        "stride": conv.strides == .one ? nil : Python.extent(conv.strides),
        "padding": conv.evenPads.flatMap { $0 == Extent(0, 0) ? nil : Python.extent($0) },
        "dilation": conv.dilations == .one ? nil : Python.extent(conv.dilations),
        "groups": conv.groups == 1 ? nil : "\(conv.groups)",
      ])
  }

  private func normalize(_ x: String, _ norm: BatchNormalization, _ index: Int) -> String {
    let shape = shape(model.graph.nodes[index])
    func normalized(_ x: String) -> String {
      guard let module = module(index) else {
        return Python.call(
          "F.batch_norm",
          [x, tensor(norm.mean), tensor(norm.variance), tensor(norm.scale), tensor(norm.bias)],
          ["eps": Python.number(norm.epsilon)])
      }
      return "\(module)(\(x))"
    }
    guard shape.count > 3 else { return normalized(x) }
    return Python.call(
      "\(normalized("\(x).flatten(2)")).reshape", ["-1"] + shape.map(String.init))
  }
}
