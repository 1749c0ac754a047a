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

  private func identities(_ batches: some Sequence<Batch>) -> [Int] {
    batches.flatMap { batch in
      stride(from: 0, to: batch.images.count, by: 16).map { Int(batch.images.scalars[$0]) }
    }
  }

  @Test(arguments: [(1, 8), (7, 8), (8, 8), (9, 8), (40, 8), (100, 1), (100, 33)])
  func anEpochShowsEveryImageAtMostOnce(count: Int, batchSize: Int) {
    let loader = loader(count: count, batchSize: batchSize)
    let batches = Array(loader.epoch(0))
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

  @Test func noSetNoBatches() {
    let loader = loader(count: 0, batchSize: 4)
    #expect(loader.batchesPerEpoch == 0 && Array(loader.epoch(0)).isEmpty)
    #expect(Array(loader.epoch(0).prefetched()).isEmpty)
  }

  @Test func epochsAndSeedsHaveOrdersOfTheirOwn() {
    var orders: Set<[Int]> = []
    for seed in 1...4 as ClosedRange<UInt64> {
      for epoch in 0..<5 {
        orders.insert(identities(loader(count: 50, batchSize: 5, seed: seed).epoch(epoch)))
      }
    }
    #expect(orders.count == 20)
  }

  private static let everything = Augmentation(crop: 1, isFlipping: true, cutout: 2, mixup: 0.4)
  private static let everythingOfPhotographs = Augmentation(
    resizedCrop: 0.3, isFlipping: true, color: 0.2, cutout: 2, mixup: 0.4)

  /// A batch depends on the seed, the epoch and its place, not on what was made before.
  @Test(arguments: [everything, everythingOfPhotographs])
  func batchesDependOnTheirPlaceAlone(augmentation: Augmentation) {
    let first = loader(count: 50, batchSize: 7, augmentation: augmentation)
    let second = loader(count: 50, batchSize: 7, augmentation: augmentation)
    for epoch in [3, 0, 7] {
      let expected = Array(first.epoch(epoch))
      for index in expected.indices.reversed() {
        #expect(second.epoch(epoch)[index] == expected[index])
      }
      #expect(Array(second.epoch(epoch).prefetched()) == expected)
      #expect(Array(second.epoch(epoch).prefetched(from: 4)) == Array(expected[4...]))
    }
    #expect(Set(first.epoch(0).map { $0.images.scalars }).count == 7)
  }

  @Test(arguments: [0, 0.1, 0.5] as [Float]) func targetsAreSmoothed(smoothing: Float) {
    for batch in loader(count: 30, batchSize: 10, labelSmoothing: smoothing).epoch(0) {
      for (row, label) in batch.labels.enumerated() {
        for column in 0..<5 {
          let expected = smoothing / 5 + (column == label ? 1 - smoothing : 0)
          #expect(abs(batch.targets.scalars[row * 5 + column] - expected) < 1e-6)
        }
      }
    }
  }

  /// Images of one class are alike here, so that pixels tell what targets must say.
  @Test(arguments: [0, 0.2] as [Float]) func imagesAndTargetsAreMixedAlike(smoothing: Float) {
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
    for batch in loader.epoch(0) {
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

  @Test func vectorsAreMixedButNeverCropped() {
    var generator = SeededGenerator(seed: 4)
    let set = TrainingSet(
      generator.dataset(count: 12, shape: Shape([9])), input: InputDescription())
    let plain = BatchLoader(set, batchSize: 4, seed: 2, classCount: 3)
    let augmented = BatchLoader(
      set, augmentation: Augmentation(crop: 3, isFlipping: true, cutout: 4), batchSize: 4, seed: 2,
      classCount: 3)
    #expect(Array(plain.epoch(1)) == Array(augmented.epoch(1)))
    #expect(plain.epoch(1)[0].images.shape == [4, 9])
  }

  /// Callers that stop anywhere, or never begin, neither hang nor disturb others.
  @Test func prefetchingMayBeLeftAtAnyTime() async {
    let loader = loader(count: 60, batchSize: 6, augmentation: Self.everything)
    let expected = Array(loader.epoch(0))
    await withTaskGroup(of: Bool.self) { group in
      for stop in 0..<40 {
        group.addTask {
          var seen: [Batch] = []
          for batch in loader.epoch(0).prefetched().prefix(stop % 12) { seen.append(batch) }
          var iterator = loader.epoch(0).prefetched().makeIterator()
          let first = iterator.next()
          return seen == Array(expected.prefix(stop % 12)) && first == expected[0]
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test func aFinishedIteratorStaysFinished() {
    var iterator = loader(count: 4, batchSize: 2).epoch(0).prefetched().makeIterator()
    #expect(iterator.next() != nil)
    #expect(iterator.next() != nil)
    #expect(iterator.next() == nil)
    #expect(iterator.next() == nil)
  }
}
