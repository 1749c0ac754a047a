internal import Engine
internal import Formats
internal import Metrics
internal import ModelGraph
internal import Patterns
internal import Pruning
internal import Search

/// Measures what a report of a pruned model says: its accuracy on the splits that there are, its time in the engines
/// that are found.
struct ReportedModel {
  let common: CommonOptions
  let file: ModelFile
  let strategy: String
  /// The search that found it, if that was kept.
  let run: String?

  func report(isTimed: Bool, needsLosses: Bool) throws -> StrategyReport {
    let (method, threads) = (
      try common.method(ofStrategyAt: strategy), common.threads ?? Evaluator.defaultThreads
    )
    let space = try common.space(of: file.model.graph, strategy: strategy)
    let read = try StrategyFile.read(strategy, for: space)
    try read.check(against: file, path: strategy)
    let corrector = try Workbench.corrector(
      of: file, space, method, threads: threads, memory: common.memory ?? .standard)
    let pruned =
      try corrector?.prune(read.strategy, method.correction)
      ?? space.apply(read.strategy, to: file.model)
    let model = try pruned.lowered().model
    var report = StrategyReport(read, in: space)
    report.note(pruned)
    if isTimed {
      ProgressLine().show("timing")
      // What the menus are for comes first, if it is here.
      func times(_ engine: TargetEngine) throws -> [LatencyComparison] {
        try LatencyComparison.onEveryEngine(of: model, beside: file.model, first: engine)
      }
      report.latencies = try (try? times(space.engine)) ?? times(.native)
    }
    let splits = [Split.validation, .test].filter { file.data[$0] != nil }
    if !splits.isEmpty && isTimed {
      report.accuracies = try splits.map { split in
        try accuracy(on: split, dense: file.model, pruned: model, threads)
      }
    }
    if let run { try report.tell(ofRun: run, of: file) }
    if needsLosses, report.losses == nil, file.data[.validation] != nil {
      report.losses = try common.workbench(of: file, strategy: strategy).expectedLosses()
    }
    ProgressLine().clear()
    return report
  }

  private func accuracy(
    on split: Split, dense: Model, pruned: Model, _ threads: Int
  ) throws -> StrategyReport.SplitAccuracy {
    guard let source = file.data[split] else { return .init(split, dense: nil, pruned: nil) }
    let evaluator = Evaluator(try Dataset.read(source, for: file.model), threads: threads)
    let line = ProgressLine()
    func accuracy(_ model: Model, _ name: String) throws -> Accuracy? {
      evaluator.accuracy(
        of: try Program(model),
        progress: { line.show("\(split.rawValue), \(name): \($0.images) images") })
    }
    return .init(
      split, dense: try accuracy(dense, "dense"), pruned: try accuracy(pruned, "pruned"))
  }
}
