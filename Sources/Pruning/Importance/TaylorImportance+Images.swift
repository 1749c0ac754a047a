public import Formats
public import ModelGraph
internal import Patterns
internal import Tensors
internal import Threads
public import Training

extension TaylorImportance {
  /// Measures on a tape what matters for the cross-entropy, image by image, with the running statistics.
  ///
  /// The label of an image is drawn from the probabilities that the model gives it, so that none need be known: the
  /// expectation is that of a model whose probabilities are right.
  ///
  /// - Throws: `TrainingError` if the model cannot be differentiated.
  public init(_ model: Model, images: Dataset, threads: Int) throws(TrainingError) {
    self.init(model)
    let network = try TrainableNetwork(model)
    let set = TrainingSet(images, input: model.input)
    // Always as many sums, so that the result does not depend on the threads.
    let pieces = min(8, set.count)
    let parts = parallelMap(pieces, threads: threads) { piece in
      var part = TaylorImportance(model)
      for image in set.count * piece / pieces..<set.count * (piece + 1) / pieces {
        part.add(network.products(ofImage: image, of: set))
      }
      return part
    }
    for part in parts { add(part) }
  }
}

extension TrainableNetwork {
  /// Each parameter times the gradient of one image's loss.
  fileprivate func products(ofImage image: Int, of set: TrainingSet) -> [String: [Float]] {
    let tape = Tape<Float>(threads: 1)
    let bound = parameters.bound(to: tape)
    let logits = run(set.images(at: [image]), on: bound, mode: .inference).logits
    var generator = SeededGenerator(seed: UInt64(image))
    let label = generator.categorical(logits.softmax().value.scalars)
    let target = (0..<logits.value.count).map { Float($0 == label ? 1 : 0) }
    let loss = Loss()(logits, targets: Tensor(shape: logits.shape, scalars: target))
    let gradients = bound.gradients(in: tape.gradients(of: loss))
    var products: [String: [Float]] = [:]
    for (index, gradient) in gradients.enumerated() {
      products[parameters.names[index]] = zip(
        parameters.tensors[index].scalars, gradient.scalars
      ).map(*)
    }
    return products
  }
}
