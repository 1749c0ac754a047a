import Formats
import ModelGraph
import Tensors
import Testing
import Training

@Suite struct BatchLoaderTests {
  /// Image i is filled with byte i, and is of class i modulo 5.
  private func loader(
    count: Int, batchSize: Int, seed: UInt64 = 1, augmentation: Augmentation = Augmentation(),
    labelSmoothing: Float = 0
  ) -> BatchLoader {
    let dataset = Dataset(
      images: (0..<count * 16).map { UInt8($0 / 16) }, labels: (0..<count).map { Int32($0 % 5) },
      shape: Shape([1, 4, 4]))
    return BatchLoader(
      TrainingSet(dataset, input: InputDescription(scale: 1)), augmentation: augmentation,
      batchSize: batchSize, seed: seed, labelSmoothing: labelSmoothing, classCount: 5)
  }

  private func identities(_ batches: [Batch]) -> [Int] {
    batches.flatMap { batch in
      stride(from: 0, to: batch.images.count, by: 16).map { Int(batch.images.scalars[$0]) }
    }
  }

  @Test(arguments: [(1, 8), (7, 8), (8, 8), (9, 8), (40, 8), (100, 1), (100, 33)])
  func anEpochShowsEveryImageAtMostOnce(count: Int, batchSize: Int) throws {
    let loader = loader(count: count, batchSize: batchSize)
    let batches = try loader.epoch(0).all
    let size = min(count, batchSize)
    #expect(batches.count == loader.batchesPerEpoch && batches.count == max(1, count / batchSize))
    for batch in batches {
      #expect(batch.count == size)
      #expect(batch.images.shape == [size, 4, 4, 1] && batch.targets.shape == [size, 5])
    }
    let seen = identities(batches)
    #expect(Set(seen).count == seen.count)
    #expect(batches.flatMap(\.labels) == seen.map { Int32($0 % 5) })
  }

  @Test func noSetNoBatches() throws {
    let loader = loader(count: 0, batchSize: 4)
    #expect(loader.batchesPerEpoch == 0 && loader.epoch(0).count == 0)
    #expect(try loader.epoch(0).prefetched().all.isEmpty)
  }

  @Test func epochsAndSeedsHaveOrdersOfTheirOwn() throws {
    var orders: Set<[Int]> = []
    for seed in 1...4 as ClosedRange<UInt64> {
      for epoch in 0..<5 {
        orders.insert(
          identities(try loader(count: 50, batchSize: 5, seed: seed).epoch(epoch).all))
      }
    }
    #expect(orders.count == 20)
  }

  private static let everything = Augmentation(crop: 1, isFlipping: true, cutout: 2, mixup: 0.4)
  private static let everythingOfPhotographs = Augmentation(
    resizedCrop: 0.3, isFlipping: true, color: 0.2, cutout: 2, mixup: 0.4)

  /// A batch depends on the seed, the epoch and its place, not on what was made before.
  @Test(arguments: [everything, everythingOfPhotographs])
  func batchesDependOnTheirPlaceAlone(augmentation: Augmentation) throws {
    let first = loader(count: 50, batchSize: 7, augmentation: augmentation)
    let second = loader(count: 50, batchSize: 7, augmentation: augmentation)
    for epoch in [3, 0, 7] {
      let expected = try first.epoch(epoch).all
      for index in expected.indices.reversed() {
        #expect(try second.epoch(epoch).batch(index) == expected[index])
      }
      #expect(try second.epoch(epoch).prefetched().all == expected)
      #expect(try second.epoch(epoch).prefetched(from: 4).all == Array(expected[4...]))
    }
    #expect(try Set(first.epoch(0).all.map(\.images.scalars)).count == 7)
  }

  @Test(arguments: [0, 0.1, 0.5] as [Float]) func targetsAreSmoothed(smoothing: Float) throws {
    for batch in try loader(count: 30, batchSize: 10, labelSmoothing: smoothing).epoch(0).all {
      for (row, label) in batch.labels.enumerated() {
        for column in 0..<5 {
          let expected = smoothing / 5 + (column == label ? 1 - smoothing : 0)
          #expect(abs(batch.targets.scalars[row * 5 + column] - expected) < 1e-6)
        }
      }
    }
  }

  /// Images of one class are alike here, so that pixels tell what targets must say.
  @Test(arguments: [0, 0.2] as [Float]) func imagesAndTargetsAreMixedAlike(smoothing: Float) throws
  {
    let bytes: [UInt8] = [0, 40, 90, 150, 250]
    let dataset = Dataset(
      images: (0..<200 * 4).map { bytes[$0 / 4 % 5] }, labels: (0..<200).map { Int32($0 % 5) },
      shape: Shape([1, 2, 2]))
    let loader = BatchLoader(
      TrainingSet(dataset, input: InputDescription(scale: 1)),
      augmentation: Augmentation(mixup: 1), batchSize: 20, seed: 9, labelSmoothing: smoothing,
      classCount: 5)
    let mean = bytes.reduce(0) { $0 + Float($1) } / 5
    var mixed = 0
    for batch in try loader.epoch(0).all {
      for row in 0..<batch.count {
        let targets = batch.targets.scalars[row * 5..<row * 5 + 5]
        #expect(abs(targets.reduce(0, +) - 1) < 1e-5)
        let expected = zip(targets, bytes).reduce(Float(0)) { $0 + $1.0 * Float($1.1) }
        let pixel = batch.images.scalars[row * 4]
        #expect(abs((1 - smoothing) * pixel + smoothing * mean - expected) < 1e-3)
        if !bytes.contains(where: { abs(Float($0) - pixel) < 1e-3 }) { mixed += 1 }
      }
    }
    #expect(mixed > 100)
  }

  @Test func vectorsAreMixedButNeverCropped() throws {
    var generator = SeededGenerator(seed: 4)
    let set = TrainingSet(
      generator.dataset(count: 12, shape: Shape([9])), input: InputDescription())
    let plain = BatchLoader(set, batchSize: 4, seed: 2, classCount: 3)
    let augmented = BatchLoader(
      set, augmentation: Augmentation(crop: 3, isFlipping: true, cutout: 4), batchSize: 4, seed: 2,
      classCount: 3)
    #expect(try plain.epoch(1).all == augmented.epoch(1).all)
    #expect(try plain.epoch(1).batch(0).images.shape == [4, 9])
  }

  /// Callers that stop anywhere, or never begin, neither hang nor disturb others.
  @Test func prefetchingMayBeLeftAtAnyTime() async throws {
    let loader = loader(count: 60, batchSize: 6, augmentation: Self.everything)
    let expected = try loader.epoch(0).all
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for stop in 0..<40 {
        group.addTask {
          var (seen, left) = ([Batch](), loader.epoch(0).prefetched())
          while seen.count < stop % 12, let batch = try left.next() { seen.append(batch) }
          var other = loader.epoch(0).prefetched()
          return try seen == Array(expected.prefix(stop % 12)) && other.next() == expected[0]
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }

  @Test func finishedBatchesStayFinished() throws {
    var left = loader(count: 4, batchSize: 2).epoch(0).prefetched()
    #expect(try left.next() != nil)
    #expect(try left.next() != nil)
    #expect(try left.next() == nil)
    #expect(try left.next() == nil)
  }
}

extension EpochBatches {
  var all: [Batch] { get throws { try (0..<count).map { try batch($0) } } }
}

extension PrefetchedBatches {
  var all: [Batch] {
    get throws {
      var (batches, left) = ([Batch](), self)
      while let batch = try left.next() { batches.append(batch) }
      return batches
    }
  }
}
