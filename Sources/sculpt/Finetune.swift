internal import ArgumentParser
internal import CommandOptions
internal import Engine
internal import Formats
internal import Metrics
internal import ModelGraph
internal import Patterns
internal import Pruning
internal import Ranks
internal import Search
internal import Training

/// `sculpt finetune`: trains a pruned model on.
struct Finetune: RankedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a pruned model on, its masks kept, and writes it.",
    discussion: """
      Images and settings come from the recipe that the model was trained by; the last images that it holds out are \
      not trained on. The dense model teaches the pruned one. The epoch that is best on the validation split is \
      written; --resume goes on from what was learned before an interruption. Ranks of MPI share each batch: it is cut in \
      --shards, of which a rank learns from one or several, and on which alone the result depends.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("The strategy that prunes it.", valueName: "strategy.json"))
  var strategy: String

  @Option(
    name: [.short, .customLong("out")],
    help: ArgumentHelp("Where to write it.", valueName: "folder"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "The recipe of the dense model; by default recipe.json beside it.", valueName: "recipe.json"))
  var recipe: String?

  @Option(
    help: ArgumentHelp("Images to train on in place of the recipe's.", valueName: "path"))
  var train: String?

  @Option(help: "Passes over the images.")
  var epochs = FineTuning().epochs

  @Option(help: "The learning rate; by default a tenth of the recipe's.")
  var learningRate: Float?

  @Option(help: "The share of the dense model's outputs in the loss, 0 to 1.")
  var distillation = FineTuning().distillation

  @Option(
    help: ArgumentHelp(
      "Cut each batch in so many shards, which ranks share; batch normalisations have the statistics of a shard. By "
        + "default as few as there is memory for, under MPI 8.", valueName: "number"))
  var shards: Int?

  @Flag(help: "Go on from the folder's checkpoint.")
  var resume = false

  @Flag(help: "Replace files that exist.")
  var force = false

  func validate() throws {
    if let shards, shards < 1 { throw ValidationError("--shards must be at least 1") }
    if epochs < 1 { throw ValidationError("--epochs must be at least 1") }
    if !(0...1).contains(distillation) { throw ValidationError("--distillation is from 0 to 1") }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate must be positive")
    }
  }

  func run() throws {
    try common.togetherOnRanks(strategy: self.strategy) { try tune(on: $0, by: $1) }
  }

  /// Every rank runs this; the leading one alone shows it and writes files.
  private func tune(on workbench: Workbench, by ranks: Ranks) throws {
    let strategy = try workbench.strategy(at: self.strategy)
    var dense =
      try recipe.map { try Recipe.read(at: $0) }
      ?? Recipe.read(besideModelAt: workbench.file.path)
    if let train { dense = dense.training(on: try DataSource.recognised(at: train)) }
    let tuning = FineTuning(
      epochs: epochs, distillation: distillation, learningRate: learningRate)
    let bytes = try FileBytes.read(self.strategy, limit: 1 << 26)
    let digest = SHA256.hexDigest(of: [bytes])?.prefix(12) ?? ""
    let session = FineTuneSession(
      strategy, on: workbench, by: dense, tuning: tuning,
      subject: "\(workbench.model.name), pruned by strategy \(digest)", shards: shards,
      ranks: ranks, seed: common.seed)
    let files = TrainedFiles(in: output)
    if ranks.leads { try files.check(resumes: resume, replacing: force) }
    if ranks.isAlone, shards == nil, session.shards > 1 {
      ProgressLine().note(
        "sculpt: batches of \(session.recipe.batch) images are learned from in \(session.shards) shards, for which there "
          + "is memory; batch normalisations have the statistics of a shard (--memory, --shards)")
    }
    let atFirst = try workbench.measure(Strategy(denseFor: workbench.space))
    let progress = TrainingProgress(epochs: session.recipe.epochs)
    let space = workbench.space
    var history: [EpochRecord] = []
    let result = try session.run(
      in: files, resumes: resume,
      // Ranks end together: there a signal ends the job, which goes on from what was saved.
      cancellation: ranks.isAlone ? Termination.watched() : nil,
      write: { body in
        if ranks.leads { try body() }
        return true
      }
    ) { event in
      guard ranks.leads else { return }
      switch event {
      case .started(let start):
        history = start.history
        progress.resumed(after: start.history.count)
        let share = space.cost(of: strategy).macs.share(of: space.denseCost.macs)
        progress.note(
          "validation \(atFirst?.accuracy.fraction.percent ?? "unknown") dense, "
            + "\(start.before.fraction.percent) pruned to \(share.percent) of the MACs")
      case .training(let event):
        if case .epoch(let record) = event { history.append(record) }
        progress.show(event)
      }
    }
    guard result != nil else { throw progress.interrupted }
    progress.clear()
    guard ranks.leads else { return }
    try TrainingReport(
      history, modelAt: files.model, test: workbench.file.data[.test],
      threads: workbench.evaluator.threads
    ).print(json: common.json)
  }
}
