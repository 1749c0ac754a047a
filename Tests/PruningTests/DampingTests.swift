import Engine
import Formats
import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Pruning

@Suite struct DampingTests {
  /// With fewer samples than inputs, all of them noise, what makes up for the lost ones is noise; with many samples of
  /// inputs that hang together it is not.
  @Test func itFollowsWhatTheImagesTell() throws {
    func damping(images count: Int, dependent: Bool) throws -> Double {
      let (features, classes) = (48, 10)
      let graph = try Graph(
        input: Shape([features]),
        declarations: [
          NodeDeclaration(
            name: "fc", op: .linear(Linear(outputFeatures: classes, weight: "w", bias: "b")),
            inputs: ["input"])
        ])
      var generator = SmallNetwork.Generator(state: 3)
      let model = try SmallNetwork.trained(graph, using: &generator)
      func images(_ count: Int) -> Calibration {
        let values = (0..<count).flatMap { _ -> [Float] in
          let hidden = (0..<4).map { _ in Float.random(in: -1...1, using: &generator) }
          return (0..<features).map {
            dependent ? hidden[$0 % 4] : Float.random(in: -1...1, using: &generator)
          }
        }
        return Calibration(
          Dataset(
            pixels: .values(values), labels: [Int32](repeating: 0, count: count),
            shape: Shape([features])), images: count)
      }
      let reconstruction = try #require(
        try Reconstruction(model, calibration: images(count), heldOut: images(64)))
      return try #require(reconstruction.layers.values.first).damping
    }
    #expect(try damping(images: 24, dependent: false) >= 1)
    #expect(try damping(images: 24, dependent: true) <= 0.01)
    #expect(try damping(images: 2000, dependent: true) <= 0.01)
  }

  /// What cannot be learnt is not made up for.
  @Test func infiniteDampingLeavesWeightsAsTheyAre() throws {
    let model = try SmallNetwork.model()
    let space = PruningSpace(model.graph)
    var reconstruction = try #require(
      try Reconstruction(model, calibration: SmallNetwork.calibration(images: 64, seed: 5)))
    for node in reconstruction.layers.keys { reconstruction.layers[node]?.damping = .infinity }
    let pruned = try space.apply(space.randomStrategy(3), to: model)
    let result = reconstruction.reconstructed(pruned)
    for node in reconstruction.layers.keys {
      let name = try #require(model.graph.weight(of: node)).name
      #expect(result.model.parameters[name] == pruned.model.parameters[name])
    }
  }

  @Test func variantsAreBounded() throws {
    let model = try SmallNetwork.model()
    let space = PruningSpace(model.graph)
    let reconstruction = try #require(
      try Reconstruction(model, calibration: SmallNetwork.calibration(images: 64, seed: 5)))
    let (small, large) = (VariantCache(capacity: 20_000), VariantCache())
    for seed in 0..<6 {
      let strategy = space.randomStrategy(seed)
      let bounded = try VariantApplier(space, reconstruction, cache: small).apply(strategy)
      let free = try VariantApplier(space, reconstruction, cache: large).apply(strategy)
      #expect(bounded.model.parameters == free.model.parameters)
    }
    func bytes(_ cache: VariantCache) -> Int {
      cache.table.variants.values.reduce(0) { $0 + $1.byteCount }
    }
    #expect(bytes(small) <= 20_000 && bytes(large) > 40_000)
  }

  @Test func fewImagesAreSaid() throws {
    let graph = try SmallNetwork.model().graph
    // The inner convolution has 16 x 9 inputs and 36 output pixels; the 5 x 5 one, 400: 2 x 400 x 5/4 / 36 images.
    let advice = try #require(CalibrationAdvice(graph, images: 8, for: .reconstructed))
    #expect(advice.layers == 2 && advice.wanted == 28)
    #expect("\(advice)".contains("8 calibration images") && "\(advice)".contains("28 would do"))
    #expect(CalibrationAdvice(graph, images: 28, for: .reconstructedAndMatched) == nil)
    #expect(CalibrationAdvice(graph, images: 63, for: .matched)?.wanted == 64)
    #expect(CalibrationAdvice(graph, images: 1, for: .none) == nil)
  }
}
