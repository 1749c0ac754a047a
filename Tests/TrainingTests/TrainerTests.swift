import Engine
import Formats
import Foundation
import ModelGraph
import Ranks
import Synchronization
import Tensors
import TestSupport
import Testing
import Threads
import Training

@Suite struct TrainerTests {
  /// Two inputs, eight hidden neurons, two classes.
  private static func xor() throws -> (network: TrainableNetwork, data: Dataset) {
    let graph = try Graph(
      input: Shape([2]),
      declarations: [
        NodeDeclaration(
          name: "hidden", op: .linear(Linear(outputFeatures: 8, weight: "w1", bias: "b1")),
          inputs: ["input"]),
        NodeDeclaration(name: "tanh", op: .activation(.tanh), inputs: ["hidden"]),
        NodeDeclaration(
          name: "output", op: .linear(Linear(outputFeatures: 2, weight: "w2", bias: "b2")),
          inputs: ["tanh"]),
      ])
    var generator = SeededGenerator(seed: 1)
    let model = try Model(
      name: "xor", graph: graph, input: InputDescription(), classes: [], parameters: [:]
    ).initialized(&generator)
    let data = Dataset(
      pixels: .values([0, 0, 0, 1, 1, 0, 1, 1]), labels: [0, 1, 1, 0], shape: Shape([2]))
    return (try TrainableNetwork(model), data)
  }

  private static func recipe(
    epochs: Int, batch: Int, rate: Float, optimizer: OptimizerSettings = .sgd(),
    average: Float? = nil, augmentation: Augmentation = Augmentation()
  ) -> Recipe {
    Recipe(
      model: "model.json", train: .archive("data.npz"), holdout: 1, seed: 4, epochs: epochs,
      batch: batch, optimizer: optimizer, learningRate: rate, weightDecay: 0,
      schedule: .constant(warmupEpochs: 0), averageDecay: average, augmentation: augmentation)
  }

  @Test(arguments: [OptimizerSettings.sgd(), .adamW()])
  func twoLayersLearnExclusiveOr(optimizer: OptimizerSettings) throws {
    let (network, data) = try Self.xor()
    var trainer = Trainer(
      Self.recipe(epochs: 200, batch: 4, rate: 0.1, optimizer: optimizer), network: network,
      train: network.set(data), validation: data, threads: 1)
    while !trainer.isDone { _ = try trainer.runEpoch() }
    #expect(trainer.history.last?.validationAccuracy == 1)
    #expect(trainer.history.last?.trainLoss ?? 1 < 0.05)
  }

  /// The sample's network from fresh weights, on 64 images of its calibration split.
  private static func resNet() throws -> (network: TrainableNetwork, data: Dataset) {
    let file = try ModelFile.read(at: Sample.path, weights: .skip)
    var generator = SeededGenerator(seed: 2)
    let source = try #require(file.data[.calibration])
    return (
      try TrainableNetwork(file.model.initialized(&generator)),
      try Dataset.read(source, for: file.model.graph).prefix(64)
    )
  }

  @Test func aResNetLearnsSixtyFourImagesByHeart() throws {
    let (network, data) = try Self.resNet()
    var trainer = Trainer(
      Self.recipe(epochs: 40, batch: 32, rate: 0.05), network: network,
      train: network.set(data), validation: data)
    while !trainer.isDone, trainer.history.last?.trainAccuracy ?? 0 < 1 {
      _ = try trainer.runEpoch()
    }
    #expect(trainer.history.last?.trainAccuracy == 1)
  }

  @Test func goesOnFromACheckpointAsIfNothingHadHappened() throws {
    let (network, data) = try Self.resNet()
    let recipe = Self.recipe(
      epochs: 3, batch: 16, rate: 0.05, average: 0.9,
      augmentation: Augmentation(crop: 2, isFlipping: true))
    func trainer(threads: Int) -> Trainer {
      Trainer(
        recipe, network: network, train: network.set(data), validation: data, threads: threads)
    }
    var whole = trainer(threads: 1)
    while !whole.isDone { _ = try whole.runEpoch() }
    var first = trainer(threads: 3)
    _ = try first.runEpoch()
    let folder = try TemporaryFolder()
    let path = folder["checkpoint"]
    try first.checkpoint.write(to: path)
    var second = trainer(threads: 2)
    second.restore(
      try Checkpoint.read(
        at: path, of: recipe, fitting: network.parameters, statistics: network.statistics))
    while !second.isDone { _ = try second.runEpoch() }
    #expect(second.network.parameters == whole.network.parameters)
    #expect(second.network.statistics == whole.network.statistics)
    #expect(second.best == whole.best)
  }

  /// However many ranks share it, a training in shards comes to the same weights on each of them.
  @Test func ranksShareATraining() throws {
    let (network, data) = try Self.resNet()
    let recipe = Self.recipe(
      epochs: 2, batch: 20, rate: 0.05, augmentation: Augmentation(crop: 2, isFlipping: true))
    let trained = Mutex<[Checkpoint]>([])
    @Sendable func train(on ranks: Ranks) {
      var trainer = Trainer(
        recipe, network: network, train: network.set(data), validation: data,
        loss: Loss(distillation: 0.5), teacher: network, threads: 1)
      trainer.shards = Shards(3, on: ranks)
      while !trainer.isDone, (try? trainer.runEpoch()) != nil {}
      var checkpoint = trainer.checkpoint
      for epoch in checkpoint.history.indices { checkpoint.history[epoch].seconds = 0 }
      trained.withLock { $0.append(checkpoint) }
    }
    for count in [1, 2, 4] {
      RankThreads.run(count, follow: { train(on: $0) }) { train(on: $0) }
    }
    let all = trained.withLock { $0 }
    #expect(all.count == 7 && all[0].history.count == 2)
    #expect(all.allSatisfy { $0 == all[0] })
  }

  @Test func aShardFitsInMemory() throws {
    let graph = try Self.resNet().network.model.graph
    let perImage = graph.nodes.reduce(0) { $0 + $1.shape.count } * 8
    func fewest(_ images: Int) -> Int {
      Shards.fewest(ofBatch: 20, of: graph, within: images * perImage)
    }
    #expect([20, 19, 10, 9, 1].map(fewest) == [1, 2, 2, 3, 20])
    #expect(fewest(0) == 20, "an image at a time, however little memory there is")
  }

  /// Interrupted after any batch, in the same process or another, it goes on as it would have done.
  @Test(arguments: [1, 2, 3, 4]) func anEpochGoesOnWithinIt(interruptedAfter batch: Int) throws {
    let (network, data) = try Self.xor()
    let recipe = Self.recipe(epochs: 2, batch: 1, rate: 0.05, average: 0.9)
    func trainer() -> Trainer {
      Trainer(recipe, network: network, train: network.set(data), validation: data)
    }
    func timeless(_ trainer: Trainer) -> Checkpoint {
      var checkpoint = trainer.checkpoint
      for epoch in checkpoint.history.indices { checkpoint.history[epoch].seconds = 0 }
      return checkpoint
    }
    var whole = trainer()
    while !whole.isDone { _ = try whole.runEpoch() }

    var interrupted = trainer()
    let cancellation = Cancellation()
    let record = try interrupted.runEpoch(cancellation: cancellation) { progress in
      if progress.batch == batch { cancellation.request() }
    }
    #expect(record == nil && interrupted.checkpoint.underWay?.batches == batch)
    let folder = try TemporaryFolder()
    try interrupted.checkpoint.write(to: folder["checkpoint"])
    var resumed = trainer()
    try resumed.resume(from: folder["checkpoint"])
    var batches: [Int] = []
    _ = try resumed.runEpoch { batches.append($0.batch) }
    #expect(batches == Array(batch + 1..<5))
    while !resumed.isDone { _ = try resumed.runEpoch() }
    while !interrupted.isDone { _ = try interrupted.runEpoch() }
    #expect(timeless(resumed) == timeless(whole))
    #expect(timeless(interrupted) == timeless(whole))
  }

  @Test func anEpochIsSavedInItsMidst() throws {
    let (network, data) = try Self.xor()
    var trainer = Trainer(
      Self.recipe(epochs: 1, batch: 1, rate: 0.05), network: network,
      train: network.set(data), validation: data)
    var saved: [Int?] = []
    _ = try trainer.runEpoch(saving: .zero, save: { saved.append($0.underWay?.batches) })
    #expect(saved == [1, 2, 3], "not after the last batch, as the epoch's end follows")
    #expect(trainer.checkpoint.underWay == nil)
  }

  @Test func maskedWeightsStayZero() throws {
    var (network, data) = try Self.resNet()
    let key = network.parameters.names.firstIndex(of: "layer1.0.conv1.weight")
    let index = try #require(key)
    let weight = network.parameters.tensors[index]
    let keep = weight.scalars.indices.map { $0 % 9 < 5 }
    let masks = try network.masks(of: ["layer1.0.conv1.weight": keep])
    masks.apply(to: &network.parameters)
    var trainer = Trainer(
      Self.recipe(epochs: 1, batch: 16, rate: 0.05), network: network,
      train: network.set(data), validation: data, masks: masks)
    _ = try trainer.runEpoch()
    let trained = trainer.network.parameters.tensors[index].scalars
    #expect(zip(trained, keep).allSatisfy { $1 || $0 == 0 })
    #expect(trained != network.parameters.tensors[index].scalars)
  }
}

/// The shipped sample.
enum Sample {
  static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "SampleModels/resnet20-fashion/model.json").path()
}

extension TrainableNetwork {
  /// Images as the network reads them.
  fileprivate func set(_ data: Dataset) -> TrainingSet { TrainingSet(data, input: model.input) }
}
