internal import Engine
internal import Formats
public import Metrics
public import Patterns
internal import Pruning

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
  /// Looks at every choice of every unit by itself.
  ///
  /// - Parameters:
  ///   - images: how many of the split, from its first on, outputs are compared on.
  ///   - latencies: what each choice does to the time, if that is known.
  ///   - report: called with each choice as it is done, and how many there are.
  /// - Throws: `PatternError` or `EngineError`.
  public func reportChoices(
    images: Int, latencies: LatencyTable?, _ report: (ChoiceReport, Int) -> Void
  ) throws {
    let count = space.alternatives.count
    let evaluator = Evaluator(
      self.evaluator.dataset.prefix(images), threads: evaluator.threads,
      cache: PrefixCache(capacity: memory.reportedActivations))
    let dense = evaluator.outputs(of: try denseProgram()) ?? []
    let start = Strategy(denseFor: space)
    let denseSeconds = latencies?.seconds(of: start, in: space)
    for (index, unit) in space.units.enumerated() {
      for pattern in unit.menu.dropFirst() {
        var strategy = start
        strategy.choices[index] = pattern
        func effect(_ correction: Correction) throws -> ChoiceReport.Effect {
          let program = try Program(prune(strategy, correction).lowered().model)
          let logits = evaluator.outputs(of: program) ?? []
          return ChoiceReport.Effect(
            distance: LogitDistance(logits, from: dense, classes: program.outputCount),
            accuracy: Accuracy(
              correct: Accuracy.correct(logits, labels: evaluator.dataset.labels[...]),
              images: evaluator.dataset.count))
        }
        let cost = space.cost(of: strategy)
        report(
          ChoiceReport(
            unit: unit.name, choice: pattern.name, macsSaved: space.denseCost.macs - cost.macs,
            parametersSaved: space.denseCost.parameters - cost.parameters,
            secondsSaved: denseSeconds.flatMap { before in
              latencies.map { before - $0.seconds(of: strategy, in: space) }
            }, masked: try effect(.none), corrected: try effect(.reconstructedAndMatched)), count)
      }
    }
  }
}
