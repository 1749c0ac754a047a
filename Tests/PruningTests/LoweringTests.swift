import Engine
import Formats
import ModelGraph
import Patterns
import Pruning
import TestSupport
import Testing

/// Layers that keep some thirds of their inputs are given no others.
@Suite struct LoweringTests {
  /// Linear layers over vectors and tokens, and the thirds that have most energy.
  struct Layer: Sendable, CustomTestStringConvertible {
    let input: [Int]
    let outputs: Int
    let thirds: [Int]

    var features: Int { input[input.count - 1] }
    var density: Density? { Density("\(thirds.count)/3") }
    /// What does not fill a third always stays.
    var kept: [Int] {
      let third = features / 3
      return (0..<features).filter { $0 >= 3 * third || thirds.contains($0 / third) }
    }
    var testDescription: String { "\(input) to \(outputs), thirds \(thirds)" }

    static let all: [Layer] = [[3], [4], [31], [96], [5, 3], [7, 16], [9, 47], [2, 4, 50]]
      .enumerated().flatMap { place, input in
        [[0], [1], [2], [0, 1], [1, 2], [0, 2]].map {
          Layer(input: input, outputs: [1, 8, 21][place % 3], thirds: $0)
        }
      }

    /// The layer between activations, its inputs read by another, too.
    func model() throws -> Model {
      let linear = Linear(outputFeatures: outputs, weight: "fc.weight", bias: "fc.bias")
      let graph = try Graph(
        input: Shape(input),
        declarations: [
          .init(name: "gelu", op: .activation(.gelu(isApproximate: false)), inputs: ["input"]),
          .init(name: "other", op: .relu, inputs: ["gelu"]),
          .init(name: "fc", op: .linear(linear), inputs: ["gelu"]),
          .init(name: "relu", op: .relu, inputs: ["fc"]),
          .init(name: "sum", op: .concat(axis: input.count - 1), inputs: ["relu", "other"]),
        ])
      var generator = SmallNetwork.Generator(state: UInt64(features * outputs))
      let model = try SmallNetwork.trained(graph, using: &generator)
      var parameters = model.parameters
      let kept = Set(kept)
      for place in 0..<outputs * features where kept.contains(place % features) {
        parameters["fc.weight"]?.values[place] += 3
      }
      return model.replacing(parameters)
    }
  }

  @Test(arguments: Layer.all)
  func onlyThirdsThatStayAreRead(layer: Layer) throws {
    let model = try layer.model()
    let space = PruningSpace(model.graph, engine: .onnx)
    var strategy = Strategy(denseFor: space)
    let unit = try #require(space.unit(named: "fc.weights"))
    strategy.choices[unit] = .thirds(try #require(layer.density))
    let pruned = try space.apply(strategy, to: model)
    let lowered = try pruned.lowered().model
    let weight = try #require(lowered.parameters["fc.weight"])
    #expect(weight.shape == [layer.outputs, layer.kept.count])
    #expect(weight.values.allSatisfy { $0 != 0 })
    #expect(Array(pruned.keptInputs.values) == [layer.kept])
    try check(pruned, costing: space.cost(of: strategy), seed: 1)

    let folder = TemporaryPath.unique()
    defer { TemporaryPath.remove(folder) }
    try ModelFile.makeFolder(at: folder)
    try ModelFile.write(lowered, to: folder + "/model.json", data: [:], replacing: false)
    let copy = try ModelFile.read(at: folder + "/model.json").model
    #expect(copy.graph == lowered.graph && copy.parameters == lowered.parameters)
    try ModelFile.write(lowered, to: folder + "/model.onnx")
    let other = try ModelFile.read(at: folder + "/model.onnx").model
    #expect(other.parameters["fc.weight"] == weight)
    let image = (0..<model.graph.inputShape.count).map { Double($0 % 7) - 3 }
    expectSame(
      ReferenceNetwork(other).output(for: image), ReferenceNetwork(lowered).output(for: image), 1e-9
    )
  }

  /// Together with removed channels, in linear layers and 1x1 convolutions, grouped ones among them.
  @Test(arguments: 0..<200)
  func randomNetworksComputeTheSame(seed: Int) throws {
    let model = try RandomNetwork.model(seed: UInt64(seed))
    let space = PruningSpace(model.graph, engine: .onnx)
    let strategy = space.randomStrategy(seed)
    let pruned = try space.apply(strategy, to: model)
    try check(pruned, costing: space.cost(of: strategy), seed: UInt64(seed))
  }

  /// A pruned model has smaller weights or zeros in them, costs and computes what it should, and keeps its nodes.
  private func check(_ pruned: PrunedModel, costing cost: Cost, seed: UInt64) throws {
    let lowered = try pruned.lowered()
    let graph = lowered.model.graph
    #expect(pruned.cost == cost)
    let nonzero = try #require(lowered.model.nonzero)
    #expect(cost == Cost(macs: nonzero.macs, parameters: nonzero.parameters))
    let nodes = pruned.model.graph.nodes
    for (name, node) in zip(nodes.map(\.name), nodes.indices) {
      let own = lowered.origins.indices.filter { lowered.origins[$0] == node }
      #expect(own.count == (pruned.keptInputs[node] == nil ? 1 : 2))
      #expect(own.last.map { graph.nodes[$0].name } == name)
    }
    #expect(lowered.origins.count == graph.nodes.count)

    var generator = SmallNetwork.Generator(state: seed)
    let count = graph.inputShape.count
    let images = (0..<2 * count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let image = Array(images[..<count])
    expectSame(
      ReferenceNetwork(lowered.model).output(for: image),
      ReferenceNetwork(pruned.model).output(for: image), 1e-9)
    let evaluator = Evaluator(
      Dataset(images: images, labels: [0, 0], shape: graph.inputShape))
    let seen = try #require(evaluator.outputs(of: Program(lowered.model)))
    let expected = try #require(evaluator.outputs(of: Program(pruned.model)))
    expectSame(seen.map(Double.init), expected.map(Double.init), 1e-4)
  }

  private func expectSame(_ seen: [Double], _ expected: [Double], _ tolerance: Double) {
    let scale = max(expected.map(abs).max() ?? 1, 1)
    let areSame = zip(seen, expected).allSatisfy { abs($0 - $1) <= tolerance * scale }
    #expect(seen.count == expected.count && areSame)
  }

  /// Corrections know the nodes of the dense model, and leave what they solved to be lowered.
  @Test func correctedModelsAreLowered() throws {
    let model = try SmallNetwork.model()
    let space = PruningSpace(model.graph, engine: .onnx)
    var strategy = Strategy(denseFor: space)
    for name in ["project.weights", "hidden.weights", "fc.weights"] {
      let unit = try #require(space.unit(named: name))
      strategy.choices[unit] = .thirds(try #require(Density("2/3")))
    }
    let calibration = SmallNetwork.calibration(images: 64, seed: 5)
    let reconstruction = try #require(try Reconstruction(model, calibration: calibration))
    let matching = try StatisticsMatching(model, calibration: calibration)
    let solved = try space.apply(strategy, with: reconstruction)
    let pruned = solved.replacing(try matching.matched(solved).model)
    #expect(pruned.keptInputs.count == 3)
    // A layer without bias gets one.
    let bias = 5
    let cost = space.cost(of: strategy)
    let graph = try pruned.lowered().model.graph
    #expect(graph.macs == cost.macs && graph.parameterCount == cost.parameters + bias)
  }

  /// Two layers with one weight keep the same inputs, so it is as small for both.
  @Test func sharedWeightsAreCutOnce() throws {
    func linear(_ name: String, _ input: String) -> NodeDeclaration {
      NodeDeclaration(
        name: name, op: .linear(Linear(outputFeatures: 12, weight: "shared")), inputs: [input])
    }
    let graph = try Graph(
      input: Shape([12]), declarations: [linear("first", "input"), linear("second", "first")])
    var generator = SmallNetwork.Generator(state: 3)
    let model = try SmallNetwork.trained(graph, using: &generator)
    let space = PruningSpace(graph, engine: .onnx)
    var strategy = Strategy(denseFor: space)
    strategy.choices[try #require(space.unit(named: "first.weights"))] = .thirds(
      try #require(Density("1/3")))
    let pruned = try space.apply(strategy, to: model)
    #expect(pruned.keptInputs.count == 2)
    #expect(try pruned.lowered().model.parameters["shared"]?.shape == [12, 4])
    try check(pruned, costing: space.cost(of: strategy), seed: 3)
  }
}
