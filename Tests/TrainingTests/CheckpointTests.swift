import Formats
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite struct CheckpointTests {
  /// A training of two epochs with everything that a checkpoint can hold.
  private func checkpoint(
    of recipe: Recipe, using generator: inout SeededGenerator
  ) -> Checkpoint {
    var checkpoint = Checkpoint(
      recipe: recipe, epochsDone: 2, parameters: generator.parameters(),
      statistics: ["norm.mean": generator.tensor(3), "norm.variance": generator.tensor(3)],
      optimizer: Optimizer(recipe))
    checkpoint.average = recipe.averageDecay.map {
      ExponentialMovingAverage(
        decay: $0, parameters: checkpoint.parameters, statistics: checkpoint.statistics)
    }
    for _ in 0..<3 { train(&checkpoint, using: &generator) }
    checkpoint.best = Checkpoint.Best(
      accuracy: 0.875, epoch: 1, parameters: checkpoint.parameters,
      statistics: checkpoint.statistics)
    checkpoint.history = (1...2).map {
      EpochRecord(
        epoch: $0, learningRate: 0.1, trainLoss: generator.normal(),
        trainAccuracy: generator.uniform(), validationAccuracy: generator.uniform(), seconds: 1.5)
    }
    return checkpoint
  }

  private func train(_ checkpoint: inout Checkpoint, using generator: inout SeededGenerator) {
    checkpoint.optimizer.update(
      &checkpoint.parameters, gradients: generator.gradients(of: checkpoint.parameters),
      learningRate: 0.05, decays: [true, false, true])
    checkpoint.average?.update(checkpoint.parameters, statistics: checkpoint.statistics)
  }

  private func recipe(using generator: inout SeededGenerator) -> Recipe {
    var recipe = generator.recipe()
    recipe.epochs = 10
    return recipe
  }

  private func read(
    _ path: String, of recipe: Recipe, like checkpoint: Checkpoint
  ) throws -> Checkpoint {
    try Checkpoint.read(
      at: path, of: recipe, fitting: checkpoint.parameters, statistics: checkpoint.statistics)
  }

  private func bits(_ checkpoint: Checkpoint) -> [UInt32] {
    (checkpoint.parameters.tensors + (checkpoint.average?.parameters.tensors ?? []))
      .flatMap { $0.scalars.map(\.bitPattern) }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func aResumedTrainingGoesOnIdentically(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let recipe = recipe(using: &generator)
    var original = checkpoint(of: recipe, using: &generator)
    let folder = try TemporaryFolder()
    try original.write(to: folder["checkpoint"])
    var moved = recipe
    moved.folder = "elsewhere"
    var resumed = try read(folder["checkpoint"], of: moved, like: original)
    #expect(resumed == original && bits(resumed) == bits(original))
    var copy = generator
    for _ in 0..<5 {
      train(&original, using: &generator)
      train(&resumed, using: &copy)
    }
    #expect(resumed == original && bits(resumed) == bits(original))
  }

  @Test func negativeZerosAndTinyNumbersSurvive() throws {
    var generator = SeededGenerator(seed: 1)
    let recipe = recipe(using: &generator)
    var parameters = Parameters()
    _ = parameters.add(
      "w", Tensor(shape: [4], scalars: [-0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0]))
    let original = Checkpoint(
      recipe: recipe, parameters: parameters, optimizer: Optimizer(recipe),
      average: recipe.averageDecay.map {
        ExponentialMovingAverage(decay: $0, parameters: parameters)
      })
    let folder = try TemporaryFolder()
    try original.write(to: folder["checkpoint"])
    #expect(bits(try read(folder["checkpoint"], of: recipe, like: original)) == bits(original))
  }

  /// The refusal's one line.
  private func refusal(
    of bytes: [UInt8], _ recipe: Recipe, like checkpoint: Checkpoint
  ) throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes, to: "checkpoint")
    let error = #expect(throws: FormatError.self) { try read(path, of: recipe, like: checkpoint) }
    let text = "\(try #require(error))"
    #expect(!text.contains("\n"))
    return text
  }

  private func written() throws -> (bytes: [UInt8], recipe: Recipe, checkpoint: Checkpoint) {
    var generator = SeededGenerator(seed: 2)
    let recipe = recipe(using: &generator)
    let checkpoint = checkpoint(of: recipe, using: &generator)
    let folder = try TemporaryFolder()
    try checkpoint.write(to: folder["checkpoint"])
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: folder["checkpoint"])))
    return (bytes, recipe, checkpoint)
  }

  @Test func aFileCutOffIsRefused() throws {
    let (bytes, recipe, checkpoint) = try written()
    let lengths = Array(1...120) + stride(from: 121, to: bytes.count, by: 97) + [bytes.count - 1]
    for length in lengths {
      let text = try refusal(of: Array(bytes.prefix(length)), recipe, like: checkpoint)
      #expect(text.contains("is damaged or cut off"), "\(length)")
    }
  }

  @Test func aFlippedBitIsRefused() throws {
    let (bytes, recipe, checkpoint) = try written()
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<100 {
      var damaged = bytes
      damaged[generator.index(below: bytes.count)] ^= 1 << UInt8(generator.index(below: 8))
      _ = try refusal(of: damaged, recipe, like: checkpoint)
    }
  }

  @Test(arguments: [
    "", "\n", "{}", "bplist00", "sculpt-strategy 1 00\n", "sculpt-checkpoint x y\n",
  ])
  func aForeignFileIsRefused(text: String) throws {
    let (_, recipe, checkpoint) = try written()
    let message = try refusal(of: Array(text.utf8), recipe, like: checkpoint)
    #expect(message.contains("is no checkpoint of Sculpt"))
  }

  @Test func anotherVersionIsRefused() throws {
    let (bytes, recipe, checkpoint) = try written()
    let place = "sculpt-checkpoint ".utf8.count
    var newer = bytes
    newer[place] = UInt8(ascii: "3")
    #expect(try refusal(of: newer, recipe, like: checkpoint).contains("update the program"))
    newer[place] = UInt8(ascii: "0")
    #expect(try refusal(of: newer, recipe, like: checkpoint).contains("start the training anew"))
  }

  /// The first version was the same, but for epochs under way.
  @Test func theFirstVersionIsRead() throws {
    let (bytes, recipe, checkpoint) = try written()
    var older = bytes
    older["sculpt-checkpoint ".utf8.count] = UInt8(ascii: "1")
    let folder = try TemporaryFolder()
    let path = try folder.write(older, to: "checkpoint")
    #expect(try read(path, of: recipe, like: checkpoint) == checkpoint)
  }

  /// What the digest is right for, but no training can have written.
  @Test func whatNoTrainingWroteIsRefused() throws {
    let (_, recipe, checkpoint) = try written()
    let folder = try TemporaryFolder()
    func refused(_ change: (inout Checkpoint) -> Void) throws {
      var changed = checkpoint
      change(&changed)
      try changed.write(to: folder["checkpoint"])
      #expect(throws: FormatError.self) {
        try read(folder["checkpoint"], of: recipe, like: checkpoint)
      }
    }
    try refused { $0.epochsDone = 11 }
    try refused { $0.epochsDone = -1 }
    try refused { $0.history = [] }
    try refused { $0.underWay = Checkpoint.EpochUnderWay() }
    try refused { $0.statistics = [:] }
    try refused { $0.best?.parameters = Parameters() }
    try refused { $0.parameters = Parameters() }
  }

  @Test(arguments: [
    "seed", "epochs", "batch", "learning_rate", "weight_decay", "schedule", "optimizer", "model",
    "data", "ema", "clip_norm", "augmentation",
  ])
  func aCheckpointOfAnotherRecipeIsRefused(key: String) throws {
    let (bytes, recipe, checkpoint) = try written()
    var other = recipe
    switch key {
    case "seed": other.seed &+= 1
    case "epochs": other.epochs += 1
    case "batch": other.batch += 1
    case "learning_rate": other.learningRate *= 2
    case "weight_decay": other.weightDecay += 1
    case "schedule": other.schedule = .constant(warmupEpochs: 77)
    case "optimizer": other.optimizer = .sgd(momentum: 0.123)
    case "model": other.model = "other.json"
    case "data": other.holdout += 1
    case "ema": other.averageDecay = recipe.averageDecay == nil ? 0.5 : nil
    case "clip_norm": other.clipNorm = 77
    default: other.augmentation.crop += 1
    }
    let text = try refusal(of: bytes, other, like: checkpoint)
    #expect(text.contains("belongs to another recipe: its '\(key)' is "), "\(text)")
  }

  @Test func aCheckpointOfAnotherNetworkIsRefused() throws {
    let (bytes, recipe, checkpoint) = try written()
    var other = checkpoint
    other.parameters = Parameters()
    _ = other.parameters.add("w", Tensor(shape: [2], repeating: 0))
    let text = try refusal(of: bytes, recipe, like: other)
    #expect(text.contains("its weights do not fit recipes/model.json"))
  }
}
