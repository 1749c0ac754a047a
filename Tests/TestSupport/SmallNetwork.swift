public import Engine
public import Formats
public import ModelGraph
public import Patterns

/// A residual network with every kind of coupling that the graph knows, and random weights.
public enum SmallNetwork {
  /// The network with the weights that a seed leads to.
  public static func model(seed: UInt64 = 1) throws -> Model {
    func conv(
      _ name: String, _ input: String, _ outputs: Int, kernel: Int = 3, groups: Int = 1
    ) -> NodeDeclaration {
      let pad = kernel / 2
      return NodeDeclaration(
        name: name,
        op: .convolution(
          Convolution(
            outputChannels: outputs, kernel: Extent(kernel, kernel),
            pads: Pads(top: pad, left: pad, bottom: pad, right: pad), groups: groups,
            weight: "\(name).weight", bias: "\(name).bias")), inputs: [input])
    }
    func norm(_ name: String, _ input: String) -> NodeDeclaration {
      NodeDeclaration(
        name: name,
        op: .batchNormalization(
          BatchNormalization(
            scale: "\(name).weight", bias: "\(name).bias", mean: "\(name).mean",
            variance: "\(name).variance", epsilon: 1e-5)), inputs: [input])
    }
    let graph = try Graph(
      input: Shape(channels: 2, height: 6, width: 6),
      declarations: [
        conv("stem", "input", 16), norm("stem.bn", "stem"),
        .init(name: "stem.relu", op: .relu, inputs: ["stem.bn"]),
        conv("inner", "stem.relu", 24), norm("inner.bn", "inner"),
        .init(name: "inner.relu", op: .relu, inputs: ["inner.bn"]),
        conv("depthwise", "inner.relu", 24, groups: 24), norm("depthwise.bn", "depthwise"),
        conv("project", "depthwise.bn", 16, kernel: 1),
        .init(name: "sum", op: .add, inputs: ["project", "stem.relu"]),
        conv("loop", "sum", 16, kernel: 5),
        .init(name: "sum2", op: .add, inputs: ["loop", "sum"]),
        .init(
          name: "pool", op: .maxPool(Pooling(kernel: Extent(2, 2), strides: Extent(2, 2))),
          inputs: ["sum2"]),
        .init(name: "flat", op: .flatten, inputs: ["pool"]),
        .init(
          name: "hidden",
          op: .linear(Linear(outputFeatures: 32, weight: "hidden.weight", bias: "hidden.bias")),
          inputs: ["flat"]),
        .init(name: "relu", op: .relu, inputs: ["hidden"]),
        .init(
          name: "fc", op: .linear(Linear(outputFeatures: 5, weight: "fc.weight")), inputs: ["relu"]),
      ])
    var generator = Generator(state: seed)
    return try trained(graph, using: &generator)
  }

  /// A model of the graph with random parameters.
  public static func trained(_ graph: Graph, using generator: inout Generator) throws -> Model {
    var parameters: [String: Parameter] = [:]
    for index in graph.nodes.indices {
      for declaration in graph.parameters(of: index) {
        let low: Float = declaration.isLearned ? -1 : 0.1
        parameters[declaration.name] = Parameter(
          shape: declaration.shape,
          values: (0..<declaration.count).map { _ in Float.random(in: low...1, using: &generator) })
      }
    }
    return try Model(
      name: "small", graph: graph, input: InputDescription(), classes: [], parameters: parameters)
  }

  /// The network, its decisions, and random images for it.
  public static func calibrated(
    images: Int
  ) throws -> (model: Model, space: PruningSpace, calibration: Calibration) {
    let model = try model()
    return (model, PruningSpace(model.graph), calibration(images: images, seed: 5))
  }

  /// Random images for the network.
  public static func calibration(images: Int, seed: UInt64) -> Calibration {
    Calibration(
      self.images(of: Shape(channels: 2, height: 6, width: 6), count: images, seed: seed))
  }

  /// Random images for a model.
  public static func images(for model: Model, count: Int, seed: UInt64) -> Dataset {
    images(of: model.graph.inputShape, count: count, seed: seed)
  }

  private static func images(of shape: Shape, count: Int, seed: UInt64) -> Dataset {
    var generator = Generator(state: seed)
    let bytes = (0..<count * shape.count).map { _ in
      UInt8.random(in: 0...255, using: &generator)
    }
    return Dataset(images: bytes, labels: [Int32](repeating: 0, count: count), shape: shape)
  }

  /// A small linear congruential generator: the same numbers on every machine.
  public struct Generator: RandomNumberGenerator {
    var state: UInt64

    /// Begins at a state.
    public init(state: UInt64) { self.state = state }

    /// The next number.
    public mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }
}
