import Formats
import ModelGraph
import TestSupport
import Testing

@testable import Engine

@Suite struct OutputMatchingTests {
  /// Networks that differ in the weights of one layer each, and targets that none of them has.
  private func networks(seed: UInt64) throws -> (
    models: [Model], calibration: Calibration, targets: [Int: Calibration.Moments]
  ) {
    let model = try RandomNetwork.model(seed: seed)
    var generator = SmallNetwork.Generator(state: seed)
    let (count, shape) = (21, model.graph.inputShape)
    let calibration = Calibration(
      Dataset(
        images: (0..<count * shape.count).map { _ in UInt8.random(in: 0...255, using: &generator) },
        labels: [Int32](repeating: 0, count: count), shape: shape))
    var targets = try calibration.pass(model).moments
    for node in targets.keys.sorted()
    where !Int.random(in: 0...3, using: &generator).isMultiple(of: 4) {
      for channel in targets[node]?.mean.indices ?? 0..<0 {
        targets[node]?.mean[channel] += .random(in: -1...1, using: &generator)
        targets[node]?.deviation[channel] *= .random(in: 0.5...1.5, using: &generator)
      }
    }
    let layers = targets.keys.sorted().map { model.graph.parameters(of: $0)[0].name }
    let models = (0..<5).map { step in
      var parameters = model.parameters
      if step > 0, let name = layers.randomElement(using: &generator) {
        parameters[name]?.values[0] += 0.5
      }
      return model.replacing(parameters)
    }
    return (models, calibration, targets)
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func findsWhatOnePassFinds(seed: UInt64) throws {
    let (models, calibration, targets) = try networks(seed: seed)
    let matching = OutputMatching(calibration, threads: 2)
    for model in models + models {
      let program = try Program(model, imagesPerPass: 4)
      let found = matching.pass(program, matching: targets)
      let wanted = try calibration.pass(model, matching: targets)
      #expect(found.corrections.keys == wanted.corrections.keys)
      for (node, correction) in wanted.corrections {
        let own = try #require(found.corrections[node])
        // Sums are formed in another order.
        #expect(zip(own.scale, correction.scale).allSatisfy { abs($0 - $1) <= 1e-4 * abs($1) })
      }
      let scale = wanted.outputs.map(abs).max() ?? 1
      #expect(zip(found.outputs, wanted.outputs).allSatisfy { abs($0 - $1) <= 1e-3 * scale })
      // Corrected in its packed weights, the network yields this by itself.
      let corrected = program.correcting(found.corrections)
      let outputs = try #require(Evaluator(calibration.dataset).outputs(of: corrected))
      #expect(zip(outputs, wanted.outputs).allSatisfy { abs($0 - $1) <= 1e-3 * scale })
    }
  }

  /// To the bit; with a cache that holds nothing, too little or everything.
  @Test(arguments: 0..<5 as Range<UInt64>) func neitherThreadsNorCachesMatter(seed: UInt64) throws {
    let (models, calibration, targets) = try networks(seed: seed)
    let programs = try models.map { try Program($0, imagesPerPass: 4) }
    let fresh = programs.map { OutputMatching(calibration, threads: 1).pass($0, matching: targets) }
    for (threads, bytes, liveBytes) in [(3, 256 << 20, 256 << 20), (2, 40_000, 0), (2, 0, 1 << 20)]
    {
      let matching = OutputMatching(
        calibration, threads: threads, activationBytes: bytes, liveBytes: liveBytes)
      for place in Array(programs.indices) + programs.indices.reversed() {
        let found = matching.pass(programs[place], matching: targets)
        #expect(found.corrections == fresh[place].corrections)
        #expect(found.outputs == fresh[place].outputs)
        #expect(
          matching.corrections(of: programs[place], matching: targets) == fresh[place].corrections)
      }
    }
  }
}
