internal import ArgumentParser
internal import CommandOptions
internal import Engine
internal import Formats
internal import Foundation
internal import ModelGraph
internal import Tensors
internal import Training

/// `sculpt train`: a network from its recipe.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network as its recipe says.",
    discussion: """
      Everything is kept in FOLDER/checkpoint.sculpt after each epoch, within a long one every five minutes, and on \
      SIGTERM, so that --resume goes on from there. At the end the weights that were best on the held-out images are written as model.json and weights.safetensors.
      """)

  @Argument(help: ArgumentHelp("What is trained, on what, and how.", valueName: "recipe.json"))
  var recipe: String

  @Option(
    name: [.short, .customLong("out")],
    help: ArgumentHelp("Where to write it.", valueName: "folder"))
  var output: String

  @Option(help: ArgumentHelp("Training images in place of the recipe's.", valueName: "path"))
  var data: String?

  @Option(help: "Passes over the images, in place of the recipe's.")
  var epochs: Int?

  @Option(help: "Seed of everything random, in place of the recipe's.")
  var seed: UInt64?

  @Option(help: "Threads; by default one a processor.")
  var threads: Int?

  @Flag(help: "Go on from the folder's checkpoint.")
  var resume = false

  @Flag(help: "Replace files that exist.")
  var force = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    try check(threads: threads)
    if let epochs, epochs < 1 { throw ValidationError("--epochs must be at least 1") }
  }

  func run() throws {
    var recipe = try Recipe.read(at: self.recipe)
    if let data { recipe = recipe.training(on: try DataSource.recognised(at: data)) }
    if let epochs { recipe.epochs = epochs }
    if let seed { recipe.seed = seed }
    let file = try ModelFile.readStructure(at: recipe.modelPath)
    let data = try recipe.readData(for: file.model)
    var generator = SeededGenerator(seed: recipe.seed)
    let network = try TrainableNetwork(file.model.initialized(&generator))
    let trainer = Trainer(
      recipe, network: network, train: data.train, validation: data.validation,
      threads: threads ?? Evaluator.defaultThreads)
    let files = TrainedFiles(in: output)
    try files.check(resumes: resume, replacing: force)
    let progress = TrainingProgress(epochs: recipe.epochs)
    var run = try TrainingRun(trainer, checkpoint: files.checkpoint, resumes: resume)
    progress.resumed(after: run.trainer.history.count)
    guard try run.run(cancellation: Termination.watched(), tell: progress.show) else {
      throw progress.interrupted
    }
    progress.clear()
    try ModelFile.write(
      run.trainer.bestModel, to: files.model, data: file.data, replacing: force)
    try TrainingReport(
      run.trainer.history, modelAt: files.model, test: file.data[.test], threads: trainer.threads
    ).print(json: json)
  }
}
