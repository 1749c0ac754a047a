import Engine
import Formats
import Metrics
import ModelGraph
import Patterns
import Pruning
import TestSupport
import Testing

@Suite struct ApplicationTests {
  let model: Model
  let space: PruningSpace

  init() throws {
    model = try SmallNetwork.model()
    space = PruningSpace(model.graph)
  }

  @Test func unitsAreTheDecisions() {
    #expect(
      space.units.map(\.name) == [
        "stem.channels", "stem.taps", "inner.channels", "inner.taps", "depthwise.taps",
        "project.weights", "loop.taps", "hidden.neurons", "hidden.weights", "fc.weights",
      ])
  }

  @Test(arguments: 0..<40)
  func anyStrategyAppliesAndItsCostIsExact(seed: Int) throws {
    let strategy = space.randomStrategy(seed)
    let pruned = try space.apply(strategy, to: model)
    // What is left is counted from the smaller model's own shapes and zeros.
    var macs = 0
    var parameters = 0
    for (index, node) in pruned.model.graph.nodes.enumerated() {
      for declaration in pruned.model.graph.parameters(of: index) where declaration.isLearned {
        let values = pruned.model.parameters[declaration.name]?.values ?? []
        let kept = declaration.shape.count == 1 ? values.count : values.count { $0 != 0 }
        parameters += kept
        if declaration.shape.count > 1 { macs += kept * node.shape.height * node.shape.width }
      }
    }
    #expect(pruned.cost == Cost(macs: macs, parameters: parameters))
    #expect(pruned.cost == space.cost(of: strategy))
  }

  /// The engine, too, computes the same without channels as with nothing reading them.
  @Test(arguments: 0..<20)
  func removedChannelsEqualSilencedOnes(seed: Int) throws {
    let strategy = space.randomStrategy(seed) {
      if case .channels = $0.target { true } else { false }
    }
    let pruned = try space.apply(strategy, to: model)
    var generator = SmallNetwork.Generator(state: UInt64(seed))
    let images = (0..<4 * 72).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let evaluator = Evaluator(
      Dataset(images: images, labels: [0, 0, 0, 0], shape: model.graph.inputShape))
    let removed = try #require(evaluator.outputs(of: Program(pruned.model)))
    let expected = try #require(evaluator.outputs(of: Program(model.silenced(as: pruned))))
    let scale = expected.map(abs).max() ?? 1
    #expect(zip(removed, expected).allSatisfy { abs($0 - $1) <= 1e-4 * scale })
  }

  @Test func filtersWithMostEnergyStay() throws {
    var parameters = model.parameters
    // Make channels 3 and 5 of "hidden" the strongest by far.
    let row = 16 * 9
    for channel in [3, 5] {
      for offset in 0..<row { parameters["hidden.weight"]?.values[channel * row + offset] = 9 }
    }
    let unit = try #require(space.unit(named: "hidden.neurons"))
    var strategy = Strategy(denseFor: space)
    strategy.choices[unit] = .neuron(try #require(Density("1/4")))
    let pruned = try space.apply(strategy, to: model.replacing(parameters))
    let kept = try #require(pruned.keptIndices.compactMap(\.self).first)
    #expect(kept.count == 8 && kept.contains(3) && kept.contains(5) && kept == kept.sorted())
  }

  @Test func strategyFilesReadBack() throws {
    for seed in 0..<10 {
      var strategy = space.randomStrategy(seed)
      strategy.pins[seed % strategy.pins.count] = true
      let unit = try #require(space.unit(named: "stem.taps"))
      strategy.choices[unit] = .masks([try #require(TapMask("272", kernel: Extent(3, 3)))])
      let file = StrategyFile(
        model: "small", digest: "0123", target: Target(0.7, of: .latency), seed: 7,
        method: seed == 0
          ? nil
          : PruningMethod(sharing: .layer(masks: 2), importance: .taylor, correction: .resolved),
        metrics: .init(space.cost(of: strategy), validation: Accuracy(correct: 3, images: 4)),
        strategy: strategy)
      let path = TemporaryPath.unique()
      defer { TemporaryPath.remove(path) }
      try file.write(to: path, for: space, replacing: false)
      #expect(try StrategyFile.read(path, for: space) == file)
      #expect(throws: FormatError.self) { try file.write(to: path, for: space, replacing: false) }
      #expect(try StrategyFile.method(at: path) == file.method)
      #expect(
        try space.apply(StrategyFile.read(path, for: space).strategy, to: model).masks
          == space.apply(strategy, to: model).masks)
    }
  }
}
