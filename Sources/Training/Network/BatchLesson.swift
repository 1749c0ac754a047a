internal import Metrics
internal import Ranks
internal import Tensors

/// What a network learns from a batch.
struct BatchLesson {
  /// The mean loss of its images.
  var loss: Float
  /// Images that were recognised.
  var correct: Int
  /// In the order of the parameters.
  var gradients: [Tensor<Float>]
  /// The running statistics after the batch.
  var statistics: [String: Tensor<Float>]
}

extension TrainableNetwork {
  /// What is learned from a batch, its loss compared with a teacher's outputs if it does that.
  func lesson(
    _ batch: Batch, teacher: TrainableNetwork?, loss: Loss, threads: Int
  ) -> BatchLesson {
    let taught = loss.distillation > 0 ? teacher?.logits(batch.images, threads: threads) : nil
    let lesson = lesson(
      batch.images, targets: batch.targets, teacher: taught, loss: loss, threads: threads)
    return BatchLesson(
      loss: lesson.loss,
      correct: Accuracy.correct(lesson.logits.scalars, labels: batch.labels[...]),
      gradients: lesson.gradients, statistics: lesson.statistics)
  }

  /// The same in shards, each of which its rank learns from: batch normalisations have the statistics of a shard.
  func lesson(
    _ batch: Batch, teacher: TrainableNetwork?, loss: Loss, threads: Int, in shards: Shards
  ) -> BatchLesson {
    let parts = shards.parts(of: batch.count)
    let names = statistics.keys.sorted()
    let vectors = shards.ranks.own(of: parts.count).map { index in
      let part = batch[images: parts[index]]
      let lesson = lesson(part, teacher: teacher, loss: loss, threads: threads)
      let share = Float(part.count) / Float(batch.count)
      var vector = lesson.gradients.flatMap(\.scalars)
      for name in names { vector += lesson.statistics[name]?.scalars ?? [] }
      vector.append(lesson.loss)
      for place in vector.indices { vector[place] *= share }
      vector.append(Float(lesson.correct))
      return vector
    }
    let tensors = parameters.tensors + names.compactMap { statistics[$0] }
    let length = tensors.reduce(2) { $0 + $1.scalars.count }
    var rest = shards.ranks.sum(vectors, length: length, of: parts.count)[...]
    let sums = tensors.map { tensor in
      defer { rest = rest.dropFirst(tensor.scalars.count) }
      return Tensor(shape: tensor.shape, scalars: Array(rest.prefix(tensor.scalars.count)))
    }
    let learned = parameters.tensors.count
    return BatchLesson(
      loss: rest.first ?? 0, correct: Int(rest.last ?? 0), gradients: Array(sums[..<learned]),
      statistics: Dictionary(uniqueKeysWithValues: zip(names, sums[learned...])))
  }
}

extension Batch {
  /// Some of its images.
  fileprivate subscript(images images: Range<Int>) -> Batch {
    func rows(_ tensor: Tensor<Float>) -> Tensor<Float> {
      let size = tensor.scalars.count / max(count, 1)
      return Tensor(
        shape: [images.count] + tensor.shape.dropFirst(),
        scalars: Array(tensor.scalars[images.lowerBound * size..<images.upperBound * size]))
    }
    return Batch(images: rows(self.images), targets: rows(targets), labels: Array(labels[images]))
  }
}
