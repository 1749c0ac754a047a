internal import ArgumentParser
internal import CommandOptions
internal import Engine
internal import Formats
internal import ModelGraph
internal import Patterns
internal import Search
internal import Training

/// `sculpt finetune`: trains a pruned model on.
struct Finetune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a pruned model on, its masks kept, and writes it.",
    discussion: """
      Images and settings come from the recipe that the model was trained by; the last images that it holds out are \
      not trained on. The dense model teaches the pruned one. The epoch that is best on the validation split is \
      written; --resume goes on from the last epoch that was finished.
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

  @Flag(help: "Go on from the folder's checkpoint.")
  var resume = false

  @Flag(help: "Replace files that exist.")
  var force = false

  func validate() throws {
    if epochs < 1 { throw ValidationError("--epochs must be at least 1") }
    if !(0...1).contains(distillation) { throw ValidationError("--distillation is from 0 to 1") }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate must be positive")
    }
  }

  func run() throws {
    let workbench = try common.workbench(strategy: self.strategy)
    let strategy = try workbench.strategy(at: self.strategy)
    var dense =
      try recipe.map { try Recipe.read(at: $0) }
      ?? Recipe.read(besideModelAt: workbench.file.path)
    if let train { dense = dense.training(on: try DataSource.recognised(at: train)) }
    let tuning = FineTuning(
      epochs: epochs, distillation: distillation, learningRate: learningRate)
    let bytes = try FileBytes.read(self.strategy, limit: 1 << 26)
    let digest = SHA256.hexDigest(of: [bytes])?.prefix(12) ?? ""
    let subject = "\(workbench.model.name), pruned by strategy \(digest)"
    var recipe = tuning.recipe(from: dense, subject: subject)
    recipe.seed = common.seed
    let images = try recipe.readData(for: workbench.model)
    let pruned = try workbench.prune(strategy)
    let trainer = try tuning.trainer(
      recipe, pruned: pruned, dense: workbench.model, train: images.train,
      validation: workbench.evaluator.dataset,
      threads: common.threads ?? Evaluator.defaultThreads)
    guard let before = try workbench.measure(strategy),
      let atFirst = try workbench.measure(Strategy(denseFor: workbench.space))
    else { return }
    var session = TrainingSession(
      trainer, folder: output, data: workbench.file.data, isResuming: resume, replacing: force,
      json: common.json)
    session.note(
      "validation \(atFirst.accuracy.fraction.percent) dense, "
        + "\(before.accuracy.fraction.percent) pruned to "
        + "\((pruned.cost.macs.share(of: workbench.space.denseCost.macs)).percent) of the MACs"
    )
    try session.run()
    try session.finish(test: workbench.file.data[.test]) {
      try pruned.replacing($0).lowered().model
    }
  }
}
