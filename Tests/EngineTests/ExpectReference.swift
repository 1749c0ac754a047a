import Engine
import Formats
import Kernels
import ModelGraph
import TestSupport
import Testing

/// The engine's outputs for `count` images of bytes.
func outputs(
  of model: Model, _ images: [UInt8], count: Int, imagesPerPass: Int? = nil,
  _ set: InstructionSet = .best
) throws -> [Float] {
  let program = try Program(model, imagesPerPass: imagesPerPass, instructionSet: set)
  let labels = [Int32](repeating: 0, count: count)
  let dataset = Dataset(images: images, labels: labels, shape: model.graph.inputShape)
  return try #require(Evaluator(dataset, threads: 2).outputs(of: program))
}

/// Runs `model` on `count` random images both ways and compares.
func expectReference(
  _ model: Model, images count: Int = 3, imagesPerPass: Int? = nil,
  _ set: InstructionSet = .best, seed: UInt64 = 1, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var random = RandomModel(seed: seed)
  let size = model.graph.inputShape.count
  let images = random.bytes(size * count)
  let outputs = try outputs(of: model, images, count: count, imagesPerPass: imagesPerPass, set)
  let reference = (0..<count).flatMap {
    ReferenceNetwork(model).output(for: Array(images[$0 * size..<($0 + 1) * size]))
  }
  #expect(outputs.count == reference.count, sourceLocation: sourceLocation)
  let scale = reference.map(abs).max() ?? 1
  let errors = zip(outputs, reference).map { abs(Double($0) - $1) }
  #expect(errors.allSatisfy { $0 <= 2e-5 * max(scale, 1) }, sourceLocation: sourceLocation)
}
