import Engine
import Formats
import Kernels
import ModelGraph
import TestSupport
import Testing

@Suite struct GoldenOperatorTests {
  @Test(arguments: try GoldenCase.all.get())
  func outputsAreThoseOfONNXRuntime(golden: GoldenCase) throws {
    let model = try golden.model()
    let shape = model.graph.nodes[model.graph.output].shape
    let expected = try golden.outputs()
    #expect(Array(expected.shape.dropFirst()) == shape.dimensions)
    let scale = expected.values.map(abs).max() ?? 0
    let evaluator = Evaluator(try golden.dataset(model.graph.inputShape), threads: 1)
    for set in InstructionSet.allCases where set.isAvailable {
      for imagesPerPass in [1, 3] {
        let program = try Program(model, imagesPerPass: imagesPerPass, instructionSet: set)
        let outputs = try #require(evaluator.outputs(of: program))
        let errors = zip(outputs, expected.values).map { abs($0 - $1) }
        #expect(
          errors.allSatisfy { $0 <= golden.tolerance * scale },
          "\(set), \(imagesPerPass) images a pass: \(errors.max() ?? 0) of \(scale)")
        #expect(outputs.count == expected.values.count)
      }
    }
  }

  @Test func everyOperatorHasCases() throws {
    let operators = try GoldenCase.all.get().flatMap { try $0.model().graph.nodes.map(\.op) }
    let covered = Set(operators.compactMap(GoldenKind.init))
    for kind in GoldenKind.allCases { #expect(covered.contains(kind), "\(kind) has no case") }
  }

  @Test(arguments: Resize.Coordinates.allCases, Resize.Rounding.allCases)
  func everyResizeHasCases(coordinates: Resize.Coordinates, rounding: Resize.Rounding) throws {
    let operators = try GoldenCase.all.get().flatMap { try $0.model().graph.nodes.map(\.op) }
    for mode in [Resize.Mode.nearest(rounding), .linear] {
      let isCovered = operators.contains {
        if case .resize(let resize) = $0 {
          resize.mode == mode && resize.coordinates == coordinates
        } else {
          false
        }
      }
      #expect(isCovered)
    }
  }
}
