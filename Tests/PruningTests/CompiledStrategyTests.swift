import Engine
import Formats
import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Pruning

/// Strategies applied, matched and compiled in one go, beside the plain path, which makes a model after each step.
@Suite struct CompiledStrategyTests {
  private struct Bench {
    let model: Model
    let space: PruningSpace
    let images: Dataset

    init(seed: UInt64) throws {
      model = try RandomNetwork.model(seed: seed)
      space = PruningSpace(model.graph)
      images = SmallNetwork.images(for: model, count: 24, seed: seed)
    }

    func corrector(threads: Int) -> Corrector {
      Corrector(model, space, images: images, threads: threads, importance: nil)
    }

    /// A strategy, and others that each differ from the one before in one to three units.
    func walk(seed: UInt64) -> [Strategy] {
      var generator = SmallNetwork.Generator(state: seed)
      var strategy = space.randomStrategy(Int(seed))
      return (0..<4).map { step in
        let units = space.units.indices.shuffled(using: &generator)
        for unit in units.prefix(step == 0 ? 0 : .random(in: 1...3, using: &generator)) {
          strategy.choices[unit] =
            space.units[unit].menu.randomElement(using: &generator) ?? .dense
        }
        return strategy
      }
    }

    func outputs(of program: Program) -> [Float] { Evaluator(images).outputs(of: program) ?? [] }

    /// A model after each step, in the order of the steps.
    func plainOutputs(_ strategy: Strategy) throws -> [Float] {
      let calibration = Calibration(images, images: images.count)
      let corrector = corrector(threads: 1)
      let reconstruction = try #require(
        try Reconstruction(
          model, calibration: Calibration(corrector.fitted),
          heldOut: corrector.heldOut.map { Calibration($0) }))
      let pruned = try space.apply(strategy, with: reconstruction)
      let dense = try calibration.pass(model).moments
      let graph = model.graph
      let shared = Set(graph.layersOfWeights.values.filter { $0.count > 1 }.joined())
      let targets = graph.correctableLayers.compactMap { node in
        (dense[node]?.keeping(pruned.keptIndices[node])).map { moments in
          let isFree = !shared.contains(node) || graph.soleBatchNormalization(after: node) != nil
          return (node, isFree ? moments : moments.ofAnyDeviation)
        }
      }
      let pass = try calibration.pass(
        pruned.model, matching: Dictionary(uniqueKeysWithValues: targets))
      return outputs(of: try Program(pruned.correcting(pass.corrections).lowered().model))
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func areWhatThePlainPathMakes(seed: UInt64) throws {
    let bench = try Bench(seed: seed)
    let corrector = bench.corrector(threads: 2)
    for strategy in bench.walk(seed: seed) {
      let compiled = try corrector.compiled(strategy, .reconstructedAndMatched)
      let found = bench.outputs(of: compiled.program)
      #expect(compiled.cost == bench.space.cost(of: strategy))
      // The weights are in double precision once and in single precision once before they are packed, and layers
      // behind each other enlarge that: a thousandth of the largest output.
      let plain = try bench.plainOutputs(strategy)
      let model = try corrector.prune(strategy, .reconstructedAndMatched).lowered().model
      let written = bench.outputs(of: try Program(model))
      let scale = plain.map(abs).max() ?? 1
      #expect(found.count == plain.count && written.count == plain.count)
      #expect(zip(found, plain).allSatisfy { abs($0 - $1) <= 1e-3 * scale }, "\(seed)")
      #expect(zip(written, plain).allSatisfy { abs($0 - $1) <= 1e-3 * scale }, "\(seed)")
    }
  }

  /// To the bit, whatever was seen before, on however many threads.
  @Test(arguments: 0..<5 as Range<UInt64>) func doNotDependOnWhatIsKnown(seed: UInt64) throws {
    let bench = try Bench(seed: seed)
    let walking = bench.corrector(threads: 3)
    let walk = bench.walk(seed: seed)
    for strategy in walk + walk.reversed() {
      let known = try walking.compiled(strategy, .reconstructedAndMatched).program
      let fresh = try bench.corrector(threads: 1).compiled(strategy, .reconstructedAndMatched)
      #expect(bench.outputs(of: known) == bench.outputs(of: fresh.program), "\(seed)")
      let again = try bench.corrector(threads: 1).compiled(
        strategy, .reconstructedAndMatched, knowing: fresh.corrections)
      #expect(bench.outputs(of: again.program) == bench.outputs(of: fresh.program), "\(seed)")
    }
  }
}
