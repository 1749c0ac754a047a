import Engine
import Formats
import ModelGraph
import Patterns
import TestSupport
import Testing

@testable import Pruning

/// What must hold of every network, however it is pruned.
struct PruningCheck {
  let model: Model
  let space: PruningSpace
  private let corrector: Corrector
  private let evaluator: Evaluator
  /// Two inputs, as the network reads them.
  private let values: [Float]

  init(_ model: Model, engine: TargetEngine, seed: UInt64) {
    self.model = model
    space = PruningSpace(model.graph, engine: engine)
    var generator = SmallNetwork.Generator(state: seed)
    let shape = model.graph.inputShape
    let bytes = (0..<12 * shape.count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let images = Dataset(images: bytes, labels: [Int32](repeating: 0, count: 12), shape: shape)
    corrector = Corrector(model, space, images: images, threads: 1, importance: nil)
    values = (0..<2 * shape.count).map { _ in Float.random(in: -1...1, using: &generator) }
    evaluator = Evaluator(
      Dataset(pixels: .values(values), labels: [0, 0], shape: shape), threads: 1)
  }

  /// Every unit alone at its sparsest, all channels at theirs, and random mixes.
  func strategies(mixes: Int, seed: Int) -> [(name: String, strategy: Strategy)] {
    let dense = Strategy(denseFor: space)
    func sparsest(_ unit: Int) -> Pattern {
      space.units[unit].menu.min { first, second in
        var (one, other) = (dense, dense)
        one.choices[unit] = first
        other.choices[unit] = second
        return space.cost(of: one).parameters < space.cost(of: other).parameters
      } ?? .dense
    }
    var result = space.units.indices.map { unit in
      var strategy = dense
      strategy.choices[unit] = sparsest(unit)
      return (name: space.units[unit].name, strategy: strategy)
    }
    var channels = dense
    for unit in space.units.indices where isOfChannels(unit) {
      channels.choices[unit] = sparsest(unit)
    }
    result.append(("channels", channels))
    for mix in 0..<mixes {
      result.append(("mix \(mix)", space.randomStrategy(seed * 100 + mix)))
    }
    return result
  }

  private func isOfChannels(_ unit: Int) -> Bool {
    if case .channels = space.units[unit].target { true } else { false }
  }

  /// Prunes by a strategy, with and without corrections, and writes what is left.
  ///
  /// - Parameters:
  ///   - path: of what is written, as ONNX.
  ///   - writesArrays: whether some inputs and what the file makes of them are written, too, with `.x.npy` and `.y.npy`
  ///     behind the path, for another engine to compare.
  func run(
    _ strategy: Strategy, _ correction: Correction, writing path: String, writesArrays: Bool
  ) throws {
    let comment = Comment(rawValue: "\(path): \(correction)")
    let masked = try corrector.prune(strategy, .none)
    #expect(masked.cost == space.cost(of: strategy), comment)
    let hasMasks = strategy.choices.indices.contains {
      !isOfChannels($0) && strategy.choices[$0] != .dense
    }
    if !hasMasks {
      #expect(masked.cost.parameters == masked.model.graph.parameterCount, comment)
      #expect(masked.cost.macs == masked.model.graph.macs, comment)
      try expectSame(
        outputs(of: masked.model), outputs(of: model.silenced(as: masked)), "masked, \(comment)")
    }
    let pruned = try corrector.prune(strategy, correction)
    for (weight, kept) in pruned.keptWeights {
      let values = pruned.model.parameters[weight]?.values ?? []
      #expect(values.count == kept.count, comment)
      #expect(zip(values, kept).allSatisfy { $0.0 == 0 || $0.1 }, comment)
    }
    let left = masked.model.graph.parameterCount
    let removed = masked.keptWeights.values.reduce(0) { $0 + $1.count { !$0 } }
    #expect(masked.cost.parameters == left - removed, comment)

    let lowered = try pruned.lowered().model
    let expected = try outputs(of: lowered)
    try expectSame(outputs(of: pruned.model), expected, "lowered, \(comment)")
    if correction != .resolved {
      let compiled = try corrector.compiled(strategy, correction).program
      try expectSame(
        #require(evaluator.outputs(of: compiled)), expected, "compiled, \(comment)", within: 1e-3)
    }
    try ModelFile.write(lowered.fused(), to: path)
    let found = try outputs(of: try ModelFile.read(at: path).model)
    try expectSame(found, expected, "read again, \(comment)")
    guard writesArrays else { return }
    let shape = model.graph.inputShape.dimensions
    try NetworkArrays.write(values, extents: [2] + shape, to: path + ".x.npy")
    try NetworkArrays.write(found, extents: [2, found.count / 2], to: path + ".y.npy")
  }

  private func outputs(of model: Model) throws -> [Float] {
    try #require(evaluator.outputs(of: Program(model)))
  }

  private func expectSame(
    _ found: [Float], _ expected: [Float], _ comment: String, within tolerance: Float = 1e-4
  ) throws {
    let scale = max(expected.map(abs).max() ?? 1, 1)
    let error = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(
      found.count == expected.count && error <= tolerance * scale,
      "\(comment): \(error) of \(scale)")
  }
}
