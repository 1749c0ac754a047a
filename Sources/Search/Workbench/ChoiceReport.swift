internal import Engine
internal import Formats
public import Metrics
public import Patterns
internal import Pruning
internal import Threads

/// The effect of one choice for one unit when everything else stays dense.
public struct ChoiceReport: Sendable, Codable {
  /// The name of the unit.
  public var unit: String
  /// The name of the pattern.
  public var choice: String
  /// MACs saved for one image.
  public var macsSaved: Int
  /// Parameters saved.
  public var parametersSaved: Int
  /// Seconds that one image takes less on one thread, as the layers' times say; nil if not measured.
  public var secondsSaved: Double?
  /// With masked weights only.
  public var masked: Effect
  /// Reconstructed and matched.
  public var corrected: Effect

  /// The change of the outputs.
  public struct Effect: Sendable, Codable {
    /// How far the logits are from the dense model's.
    public var distance: LogitDistance
    /// On the same images.
    public var accuracy: Accuracy
  }
}

extension Workbench {
  /// Looks at every choice of every unit by itself: dealt out over the ranks.
  ///
  /// - Parameters:
  ///   - images: how many of the split, from its first on, outputs are compared on.
  ///   - latencies: what each choice does to the time, if that is known.
  ///   - report: called with each choice as it is done, in their order, and how many there are.
  /// - Throws: `PatternError` or `EngineError`.
  public func reportChoices(
    images: Int, latencies: LatencyTable?, _ report: (ChoiceReport, Int) -> Void
  ) throws {
    let choices = space.alternatives
    var rest = choices[...]
    let dense = Strategy(denseFor: space)
    let seconds = latencies?.seconds(of: dense, in: space)
    _ = try outcomes(
      of: choices.map { ChoicePiece(choice: $0, images: images) },
      tell: { found in
        var found = found
        if let latencies, let seconds, let choice = rest.popFirst() {
          found.secondsSaved =
            seconds - latencies.seconds(of: Strategy(choosing: [choice], in: space), in: space)
        }
        report(found, choices.count)
      })
  }
}

/// A choice whose effect is to be reported, on the first images of the split.
struct ChoicePiece: Piece {
  var choice: UnitChoice
  var images: Int

  func outcome(on workbench: Workbench, _ cancellation: Cancellation?) throws -> ChoiceReport? {
    try workbench.choiceReporter.value(images) { try ChoiceReporter(workbench, images: images) }
      .report(choice, on: workbench)
  }
}

/// What reports of choices have in common: the images, and what the dense model says of them.
struct ChoiceReporter: Sendable {
  private let evaluator: Evaluator
  private let dense: [Float]

  init(_ workbench: Workbench, images: Int) throws {
    evaluator = Evaluator(
      workbench.evaluator.dataset.prefix(images), threads: workbench.evaluator.threads,
      cache: PrefixCache(capacity: workbench.memory.reportedActivations))
    dense = evaluator.outputs(of: try workbench.denseProgram()) ?? []
  }

  /// The effect of a choice, but for its time.
  func report(_ choice: UnitChoice, on workbench: Workbench) throws -> ChoiceReport {
    let space = workbench.space
    let strategy = Strategy(choosing: [choice], in: space)
    func effect(_ correction: Correction) throws -> ChoiceReport.Effect {
      let program = try Program(workbench.prune(strategy, correction).lowered().model)
      let logits = evaluator.outputs(of: program) ?? []
      return ChoiceReport.Effect(
        distance: LogitDistance(logits, from: dense, classes: program.outputCount),
        accuracy: Accuracy(
          correct: Accuracy.correct(logits, labels: evaluator.dataset.labels[...]),
          images: evaluator.dataset.count))
    }
    let cost = space.cost(of: strategy)
    return ChoiceReport(
      unit: space.units[choice.unit].name, choice: space.pattern(of: choice).name,
      macsSaved: space.denseCost.macs - cost.macs,
      parametersSaved: space.denseCost.parameters - cost.parameters,
      masked: try effect(.none), corrected: try effect(.reconstructedAndMatched))
  }
}
