import Formats
import Foundation
import ModelGraph
import Tensors
import TestSupport
import Testing

@testable import Training

/// Photographs in files, decoded as batches are made.
@Suite struct PhotographTests {
  private static let augmentation = Augmentation(
    resizedCrop: 0.3, isFlipping: true, color: 0.2, cutout: 2, mixup: 0.4)

  /// Two classes of three copies of a photograph of 37 x 23 pixels.
  private func folder() throws -> TemporaryFolder {
    let picture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "FormatsTests/Fixtures/picture.png")
    let folder = try TemporaryFolder()
    for name in ["a", "b"] {
      try FileManager.default.createDirectory(
        at: URL(filePath: folder[name]), withIntermediateDirectories: true)
      for number in 0..<3 {
        try FileManager.default.copyItem(
          at: picture, to: URL(filePath: folder["\(name)/\(number).png"]))
      }
    }
    return folder
  }

  private func model(_ colors: ChannelOrder = .rgb) throws -> Model {
    let graph = try Graph(
      input: Shape([3, 12, 16]),
      declarations: [
        NodeDeclaration(name: "flat", op: .flatten, inputs: ["input"]),
        NodeDeclaration(
          name: "fc", op: .linear(Linear(outputFeatures: 2, weight: "w")), inputs: ["flat"]),
      ])
    return try Model(
      name: "m", graph: graph,
      input: InputDescription(
        scale: 1, mean: [1, 2, 3], deviation: [2, 4, 8], channels: colors),
      classes: [],
      parameters: ["w": Parameter(shape: [2, 576], values: [Float](repeating: 0.01, count: 1152))])
  }

  private func recipe(_ folder: TemporaryFolder, holdout: Int = 2) -> Recipe {
    Recipe(
      model: "m", train: .folder(folder.path, .standardCrop), holdout: holdout, epochs: 2, batch: 2,
      learningRate: 1e-6, schedule: .constant(warmupEpochs: 0), augmentation: Self.augmentation)
  }

  private func loader(_ set: TrainingSet, threads: Int) -> BatchLoader {
    BatchLoader(
      set, augmentation: Self.augmentation, batchSize: 3, seed: 1, classCount: 2, threads: threads)
  }

  /// What is decoded batch by batch is what a data set holds.
  @Test(arguments: [ChannelOrder.rgb, .bgr]) func photographsAreThoseOfTheDataset(
    colors: ChannelOrder
  ) throws {
    let (folder, model) = (try folder(), try model(colors))
    let source = DataSource.folder(folder.path, .standardCrop)
    let streamed = TrainingSet(
      try #require(try ImageFolder(source, for: model)), input: model.input)
    let held = TrainingSet(try Dataset.read(source, for: model), input: model.input)
    #expect(streamed.labels == [0, 0, 0, 1, 1, 1] && streamed.imageShape == held.imageShape)
    func plain(_ set: TrainingSet) throws -> Batch {
      try BatchLoader(set, batchSize: 6, seed: 1, classCount: 2, threads: 2).epoch(0).batch(0)
    }
    #expect(try plain(streamed) == plain(held))
  }

  /// Whoever decodes which first: the batches are the same, and pieces differ.
  @Test func batchesDependOnTheirPlaceAlone() throws {
    let (folder, model) = (try folder(), try model())
    let set = try recipe(folder).readTrainingSet(for: model)
    let batches = try loader(set, threads: 1).epoch(3).all
    #expect(try loader(set, threads: 3).epoch(3).all == batches)
    #expect(Set(batches[0].images.scalars).count > 100)
  }

  /// Classes lie together in a folder, so that those held out are spread.
  @Test func everyClassIsHeldOut() throws {
    let (folder, model) = (try folder(), try model())
    let (train, validation) = try recipe(folder).readData(for: model)
    #expect(train.labels == [0, 0, 1, 1] && validation.labels == [0, 1])
    #expect(throws: FormatError.self) { try recipe(folder, holdout: 6).readData(for: model) }
  }

  /// A photograph that cannot be decoded ends the training with its name; what was learned before is on disk.
  @Test func aDamagedPhotographIsNamed() throws {
    let (folder, model) = (try folder(), try model())
    let (train, validation) = try recipe(folder).readData(for: model)
    func run() throws -> TrainingRun {
      try TrainingRun(
        Trainer(
          recipe(folder), network: TrainableNetwork(model), train: train, validation: validation),
        checkpoint: folder["checkpoint"], resumes: FileBytes.exists(folder["checkpoint"]))
    }
    let file = folder["a/0.png"]
    let sound = try Data(contentsOf: URL(filePath: file))
    try sound.prefix(60).write(to: URL(filePath: file))
    var done = 0
    let error = #expect(throws: FormatError.self) {
      var broken = try run()
      _ = try broken.run { if case .batch = $0 { done += 1 } }
    }
    #expect("\(try #require(error))".contains("a/0.png"))
    try sound.write(to: URL(filePath: file))
    var mended = try run()
    #expect(mended.trainer.checkpoint.underWay?.batches ?? 0 == done)
    #expect(try mended.run { _ in } && mended.trainer.isDone)
  }
}
