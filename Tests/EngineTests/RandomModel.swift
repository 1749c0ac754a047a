import ModelGraph
import TestSupport

/// Builds small models with random weights, the same for the same seed.
struct RandomModel {
  var generator: SplitMix

  init(seed: UInt64) { generator = SplitMix(state: seed) }

  mutating func values(_ count: Int, zeros: Double = 0) -> [Float] {
    (0..<count).map { _ in
      Double.random(in: 0..<1, using: &generator) < zeros
        ? 0 : Float.random(in: -1...1, using: &generator)
    }
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &generator)
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  /// A model with random parameters; variances are positive, a share of the weights is zero.
  mutating func model(
    input: Shape, _ declarations: [NodeDeclaration], zeros: Double = 0
  ) throws -> Model {
    let graph = try Graph(input: input, declarations: declarations)
    var parameters: [String: Parameter] = [:]
    for index in graph.nodes.indices {
      for declaration in graph.parameters(of: index) {
        var values = values(declaration.count, zeros: declaration.shape.count > 1 ? zeros : 0)
        if declaration.name.hasSuffix("variance") { values = values.map { abs($0) + 0.1 } }
        parameters[declaration.name] = Parameter(shape: declaration.shape, values: values)
      }
    }
    return try Model(
      name: "random", graph: graph,
      input: InputDescription(mean: [0.5], deviation: [0.25]), classes: [], parameters: parameters)
  }
}

extension NodeDeclaration {
  static func conv(
    _ name: String, _ input: String, _ outputs: Int, kernel: Extent = Extent(3, 3),
    strides: Extent = .one, pads: Pads = Pads(top: 1, left: 1, bottom: 1, right: 1),
    dilations: Extent = .one, groups: Int = 1, bias: Bool = false
  ) -> NodeDeclaration {
    NodeDeclaration(
      name: name,
      op: .convolution(
        Convolution(
          outputChannels: outputs, kernel: kernel, strides: strides, pads: pads,
          dilations: dilations, groups: groups, weight: "\(name).weight",
          bias: bias ? "\(name).bias" : nil)), inputs: [input])
  }

  static func norm(_ name: String, _ input: String) -> NodeDeclaration {
    NodeDeclaration(
      name: name,
      op: .batchNormalization(
        BatchNormalization(
          scale: "\(name).scale", bias: "\(name).bias", mean: "\(name).mean",
          variance: "\(name).variance", epsilon: 1e-5)), inputs: [input])
  }

  static func node(_ name: String, _ op: Operator, _ inputs: String...) -> NodeDeclaration {
    NodeDeclaration(name: name, op: op, inputs: inputs)
  }
}
