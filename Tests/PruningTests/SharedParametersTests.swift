import Engine
import Formats
import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Pruning

/// Networks whose nodes share weights, biases or batch-norms.
@Suite struct SharedParametersTests {
  enum Case: CaseIterable { case weights, biases, norms }

  private func model(_ shared: Case) throws -> Model {
    func conv(_ name: String, _ input: String, weight: String, bias: String?) -> NodeDeclaration {
      NodeDeclaration(
        name: name,
        op: .convolution(
          Convolution(
            outputChannels: 16, kernel: Extent(3, 3),
            pads: Pads(top: 1, left: 1, bottom: 1, right: 1), weight: weight, bias: bias)),
        inputs: [input])
    }
    func norm(_ name: String, _ input: String, of parameters: String) -> NodeDeclaration {
      NodeDeclaration(
        name: name,
        op: .batchNormalization(
          BatchNormalization(
            scale: "\(parameters).weight", bias: "\(parameters).bias", mean: "\(parameters).mean",
            variance: "\(parameters).variance", epsilon: 1e-5)), inputs: [input])
    }
    var nodes = [conv("stem", "input", weight: "stem.weight", bias: nil)]
    switch shared {
    case .weights:
      nodes += [
        conv("a", "stem", weight: "w", bias: "a.bias"),
        .init(name: "ra", op: .relu, inputs: ["a"]),
        conv("b", "ra", weight: "w", bias: "b.bias"),
        .init(name: "rb", op: .relu, inputs: ["b"]),
        conv("c", "rb", weight: "w", bias: nil),
      ]
    case .biases:
      nodes += [
        conv("a", "stem", weight: "a.weight", bias: "bias"),
        .init(name: "ra", op: .relu, inputs: ["a"]),
        conv("c", "ra", weight: "c.weight", bias: "bias"),
      ]
    case .norms:
      nodes += [
        conv("a", "stem", weight: "a.weight", bias: nil), norm("na", "a", of: "norm"),
        .init(name: "ra", op: .relu, inputs: ["na"]),
        conv("b", "ra", weight: "b.weight", bias: nil), norm("c", "b", of: "norm"),
      ]
    }
    nodes += [
      .init(name: "pool", op: .globalAveragePool, inputs: ["c"]),
      .init(name: "flat", op: .flatten, inputs: ["pool"]),
      .init(
        name: "fc", op: .linear(Linear(outputFeatures: 5, weight: "fc.weight")), inputs: ["flat"]),
    ]
    var generator = SmallNetwork.Generator(state: 3)
    return try SmallNetwork.trained(
      Graph(input: Shape(channels: 2, height: 6, width: 6), declarations: nodes),
      using: &generator)
  }

  private func corrector(_ model: Model, _ space: PruningSpace) -> Corrector {
    Corrector(
      model, space, images: SmallNetwork.calibration(images: 24, seed: 2).dataset, threads: 2,
      importance: nil)
  }

  @Test func aWeightIsOneUnit() throws {
    let graph = try model(.weights).graph
    let space = PruningSpace(graph)
    let nodes = ["a", "b", "c"].compactMap(graph.index(of:))
    let units = Set(nodes.compactMap { space.weightUnit[$0] })
    #expect(units.count == 1)
    let unit = try #require(units.first)
    #expect(space.units[unit].target == .weights(node: nodes[0]))
    #expect(space.nodesOfUnit[unit] == nodes)
    #expect(space.denseCost == space.cost(of: Strategy(denseFor: space)))
  }

  /// What is counted is what is kept, the same in every call.
  @Test(arguments: Case.allCases, 0..<6) func costsAreExact(shared: Case, seed: Int) throws {
    let model = try model(shared)
    let space = PruningSpace(model.graph)
    let strategy = space.randomStrategy(seed)
    for correction in [Correction.none, .reconstructedAndMatched] {
      let pruned = try corrector(model, space).prune(strategy, correction)
      let again = try corrector(model, space).prune(strategy, correction)
      #expect(pruned.model.parameters == again.model.parameters)
      let masked = pruned.keptWeights.values.reduce(0) { $0 + $1.count { !$0 } }
      let added = pruned.model.graph.parameterCount
      // A correction may add biases, which the cost does not know.
      if correction == .none { #expect(pruned.cost.parameters == added - masked) }
      for (name, kept) in pruned.keptWeights {
        let values = try #require(pruned.model.parameters[name]).values
        #expect(zip(values, kept).allSatisfy { $0.0 == 0 || $0.1 })
      }
    }
  }

  /// Every correction, as it is measured and as it is written.
  @Test(arguments: Case.allCases, 0..<4)
  func whatIsCompiledIsWhatIsWritten(shared: Case, seed: Int) throws {
    let model = try model(shared)
    let space = PruningSpace(model.graph)
    let corrector = corrector(model, space)
    let strategy = space.randomStrategy(seed)
    for correction in [Correction.reconstructed, .reconstructedAndMatched] {
      let written = try corrector.prune(strategy, correction).lowered().model
      let compiled = try corrector.compiled(strategy, correction).program
      let evaluator = Evaluator(corrector.images)
      let (found, wanted) = (
        try #require(evaluator.outputs(of: compiled)),
        try #require(evaluator.outputs(of: Program(written)))
      )
      let scale = wanted.map(abs).max() ?? 1
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) <= 1e-3 * scale })
    }
  }

  /// Each correction brings the outputs nearer to the dense model's, and a weight stays one.
  @Test(arguments: Case.allCases, [ImportanceMeasure.energy, .reconstruction])
  func correctionsReachWhatIsShared(shared: Case, importance: ImportanceMeasure) throws {
    let model = try model(shared)
    let space = PruningSpace(model.graph)
    let corrector = Corrector(
      model, space, images: SmallNetwork.calibration(images: 200, seed: 2).dataset, threads: 2,
      importance: importance)
    let nodes = ["a", "b", "c"].compactMap(model.graph.index(of:))
      .filter { space.weightUnit[$0] != nil }
    var strategy = Strategy(denseFor: space)
    for unit in Set(nodes.compactMap { space.weightUnit[$0] }) {
      let half = try #require(Density("6/9"))
      strategy.choices[unit] = .taps(half)
    }
    let evaluator = Evaluator(corrector.images)
    let dense = try #require(evaluator.outputs(of: Program(model)))
    let errors = try [Correction.none, .reconstructed, .reconstructedAndMatched, .resolved].map {
      let pruned = try corrector.prune(strategy, $0)
      let weights = Set(nodes.compactMap { pruned.model.graph.weight(of: $0)?.name })
      #expect(weights.count == (shared == .weights ? 1 : nodes.count))
      let outputs = try #require(evaluator.outputs(of: Program(pruned.model)))
      return zip(outputs, dense).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
    }
    #expect(errors[1] < 0.8 * errors[0] && errors[2] < errors[0] && errors[3] <= errors[2])
  }

  /// A layer gets a bias of its own, even where another parameter has the name that it would be given.
  @Test func aBiasGetsAFreeName() throws {
    let graph = try Graph(
      input: Shape(channels: 2, height: 6, width: 6),
      declarations: [
        .init(
          name: "a",
          op: .convolution(
            Convolution(outputChannels: 16, kernel: Extent(3, 3), weight: "c.bias_")),
          inputs: ["input"]),
        .init(
          name: "c",
          op: .convolution(
            Convolution(outputChannels: 16, kernel: Extent(3, 3), weight: "c.weight")),
          inputs: ["a"]),
        .init(name: "flat", op: .flatten, inputs: ["c"]),
        .init(
          name: "fc",
          op: .linear(Linear(outputFeatures: 5, weight: "fc.weight", bias: "c.bias")),
          inputs: ["flat"]),
      ])
    var generator = SmallNetwork.Generator(state: 4)
    let model = try SmallNetwork.trained(graph, using: &generator)
    let space = PruningSpace(graph)
    let corrector = corrector(model, space)
    for seed in 0..<6 {
      let strategy = space.randomStrategy(seed)
      let written = try corrector.prune(strategy, .reconstructedAndMatched).model
      let compiled = try corrector.compiled(strategy, .reconstructedAndMatched).program
      let evaluator = Evaluator(corrector.images)
      let found = try #require(evaluator.outputs(of: compiled))
      let wanted = try #require(evaluator.outputs(of: Program(written)))
      let scale = wanted.map(abs).max() ?? 1
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) <= 1e-3 * scale })
    }
  }
}
