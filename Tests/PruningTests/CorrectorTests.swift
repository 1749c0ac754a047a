import Engine
import Formats
import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Pruning

@Suite struct CorrectorTests {
  let (model, space, calibration): (Model, PruningSpace, Calibration)

  init() throws {
    (model, space, calibration) = try SmallNetwork.calibrated(images: 48)
  }

  private func corrector(_ importance: ImportanceMeasure?, threads: Int = 2) -> Corrector {
    Corrector(
      model, space, images: calibration.dataset, threads: threads, importance: importance)
  }

  private func outputs(of program: Program) throws -> [Float] {
    try #require(Evaluator(calibration.dataset).outputs(of: program))
  }

  /// The mean squared error of the outputs on the calibration images.
  private func error(_ model: Model) throws -> Float {
    let dense = try outputs(of: Program(self.model))
    return zip(try outputs(of: Program(model)), dense).reduce(0) {
      $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
    }
  }

  @Test(arguments: 0..<4) func eachCorrectionIsWhatItSays(seed: Int) throws {
    let strategy = space.randomStrategy(seed)
    let corrector = corrector(nil)
    let plain = try space.apply(strategy, to: model)
    #expect(
      try corrector.prune(strategy, .none).model.parameters == plain.model.parameters)
    let matching = try StatisticsMatching(model, calibration: calibration)
    #expect(
      try corrector.prune(strategy, .matched).model.parameters
        == matching.matched(plain).model.parameters)
    let reconstructed = try corrector.prune(strategy, .reconstructed)
    #expect(
      try corrector.prune(strategy, .reconstructedAndMatched).model.parameters
        == matching.matched(reconstructed).model.parameters)
  }

  /// Each choice has the error of its own change, in whatever order they were worked out.
  @Test func expectedErrorsAreThoseOfTheChoices() throws {
    let corrector = corrector(nil)
    let found = try #require(try corrector.expectedErrors(.reconstructedAndMatched))
    let heldOut = try #require(corrector.heldOut)
    let jacobian = try LogitJacobian(model, images: heldOut, probes: .normal(64), threads: 2)
    for choice in space.alternatives {
      let strategy = Strategy(choosing: [choice], in: space)
      let change = try WeightChange(
        corrector.prune(strategy, .reconstructed), from: jacobian.model)
      #expect(try #require(jacobian.errors(of: [change])) == [found[choice]])
    }
  }

  /// The more is done the nearer the outputs, over several strategies.
  @Test func correctionsHelp() throws {
    let corrector = corrector(nil)
    let errors = try [Correction.none, .matched, .reconstructedAndMatched, .resolved].map {
      correction in
      try (0..<6).map { seed in
        try error(corrector.prune(space.randomStrategy(seed), correction).model)
      }.reduce(0, +)
    }
    #expect(errors[1] < errors[0] && errors[2] < errors[1] && errors[3] <= errors[2])
  }

  @Test(arguments: ImportanceMeasure.allCases) func everyImportanceCosts(
    measure: ImportanceMeasure
  ) throws {
    for seed in 0..<3 {
      let strategy = space.randomStrategy(seed)
      for correction in Correction.allCases {
        let (one, two) = (
          try corrector(measure, threads: 1).prune(strategy, correction),
          try corrector(measure, threads: 3).prune(strategy, correction)
        )
        #expect(one.cost == space.cost(of: strategy))
        #expect(one.keptIndices == two.keptIndices && one.keptWeights == two.keptWeights)
      }
    }
  }

  @Test(arguments: Correction.allCases) func whatIsCompiledIsWhatIsWritten(correction: Correction)
    throws
  {
    let corrector = corrector(nil)
    for seed in 0..<4 {
      let strategy = space.randomStrategy(seed)
      let found = try outputs(of: corrector.compiled(strategy, correction).program)
      let wanted = try outputs(of: Program(corrector.prune(strategy, correction).lowered().model))
      let scale = wanted.map(abs).max() ?? 1
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) <= 1e-3 * scale })
    }
  }

  @Test func theDenseModelStays() throws {
    let dense = Strategy(denseFor: space)
    let wanted = try outputs(of: Program(model))
    let scale = wanted.map(abs).max() ?? 1
    for correction in Correction.allCases {
      let found = try outputs(of: corrector(nil).compiled(dense, correction).program)
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) <= 1e-4 * scale })
    }
  }
}
