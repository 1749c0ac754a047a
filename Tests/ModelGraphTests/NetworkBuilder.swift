import ModelGraph

/// Declares nodes one after the other; every method returns the new node's name.
struct NetworkBuilder {
  private(set) var declarations: [NodeDeclaration] = []

  mutating func add(_ op: Operator, _ inputs: String..., name: String? = nil) -> String {
    let name = name ?? "n\(declarations.count)"
    declarations.append(NodeDeclaration(name: name, op: op, inputs: inputs))
    return name
  }

  /// A convolution that keeps the size at stride 1.
  mutating func conv(
    _ input: String, _ filters: Int, kernel: Int = 3, stride: Int = 1, groups: Int = 1,
    name: String? = nil
  ) -> String {
    let name = name ?? "n\(declarations.count)"
    let pad = kernel / 2
    let conv = Convolution(
      outputChannels: filters, kernel: Extent(kernel, kernel), strides: Extent(stride, stride),
      pads: Pads(top: pad, left: pad, bottom: pad, right: pad), groups: groups,
      weight: "\(name).weight")
    return add(.convolution(conv), input, name: name)
  }

  mutating func norm(_ input: String, name: String? = nil) -> String {
    let name = name ?? "n\(declarations.count)"
    let norm = BatchNormalization(
      scale: "\(name).weight", bias: "\(name).bias", mean: "\(name).running_mean",
      variance: "\(name).running_var", epsilon: 1e-5)
    return add(.batchNormalization(norm), input, name: name)
  }

  mutating func linear(_ input: String, _ features: Int, name: String? = nil) -> String {
    let name = name ?? "n\(declarations.count)"
    let linear = Linear(
      outputFeatures: features, weight: "\(name).weight", bias: "\(name).bias")
    return add(.linear(linear), input, name: name)
  }

  func graph(_ input: Shape) throws(GraphError) -> Graph {
    try Graph(input: input, declarations: declarations)
  }

  /// The CIFAR-style ResNet-20 of He et al. 2016 (arXiv 1512.03385) with projection shortcuts, for
  /// 1 x 28 x 28 images.
  static func resNet20() throws(GraphError) -> Graph {
    var net = NetworkBuilder()
    var x = net.conv("input", 16, name: "conv1")
    x = net.norm(x, name: "bn1")
    x = net.add(.relu, x, name: "relu")
    for (stage, width) in [16, 32, 64].enumerated() {
      for block in 0..<3 {
        let prefix = "layer\(stage + 1).\(block)."
        let stride = stage > 0 && block == 0 ? 2 : 1
        var y = net.conv(x, width, stride: stride, name: prefix + "conv1")
        y = net.norm(y, name: prefix + "bn1")
        y = net.add(.relu, y, name: prefix + "relu1")
        y = net.conv(y, width, name: prefix + "conv2")
        y = net.norm(y, name: prefix + "bn2")
        if stride == 2 {
          x = net.conv(x, width, kernel: 1, stride: 2, name: prefix + "shortcut.0")
          x = net.norm(x, name: prefix + "shortcut.1")
        }
        x = net.add(.add, y, x, name: prefix + "add")
        x = net.add(.relu, x, name: prefix + "relu2")
      }
    }
    x = net.add(.globalAveragePool, x, name: "avgpool")
    x = net.add(.flatten, x, name: "flatten")
    _ = net.linear(x, 10, name: "fc")
    return try net.graph(Shape(channels: 1, height: 28, width: 28))
  }
}
