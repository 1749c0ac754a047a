internal import Engine
internal import Formats
internal import LinearAlgebra
internal import Metrics
internal import ModelGraph
internal import Tensors
internal import Threads
internal import Training

/// The Jacobian J of the dense model's logits with respect to its parameters, as seen through random probes.
///
/// To first order a change w of the parameters moves the logits of an image by J w, and with u normally
/// distributed the mean of (u J w)^2 is |J w|^2 (Hutchinson 1990): so one gradient of u times the logits, image by
/// image, is enough for any number of changes. J^T J is the Gauss-Newton matrix (Schraudolph 2002).
struct LogitJacobian: Sendable {
  /// What logits are multiplied with.
  enum Probes {
    /// So many vectors of normally distributed numbers; an image has several if there are fewer images.
    case normal(Int)
    /// Each class of each image in turn: exact, and many.
    case classes
  }

  /// The model that changes are of: the dense one, whose layers all have a bias.
  let model: Model
  private let network: TrainableNetwork
  private let set: TrainingSet
  private let probes: Probes
  /// The number of probes.
  let samples: Int
  private let threads: Int
  /// The squared deviations of an image's logits from the mean of all.
  private let spread: Double

  /// Sums that are formed by themselves, so that results do not depend on the threads.
  private static let pieces = 8

  /// The Jacobian on some images.
  ///
  /// - Throws: `TrainingError` if the model cannot be differentiated, `EngineError` if it cannot be compiled.
  init(_ dense: Model, images: Dataset, probes: Probes, threads: Int) throws {
    var draft = ModelDraft(dense)
    for node in dense.graph.correctableLayers {
      guard let filters = dense.graph.weight(of: node)?.shape[0] else { continue }
      draft.correct(node, by: Calibration.Correction(unchanging: filters))
    }
    model = try draft.model()
    network = try TrainableNetwork(model)
    set = TrainingSet(images, input: dense.input)
    self.probes = probes
    let classes = dense.graph.nodes[dense.graph.output].shape.count
    samples =
      switch probes {
      case .normal(let count): count
      case .classes: images.count * classes
      }
    self.threads = threads
    let images = images.prefix(4 * samples)
    let logits = Evaluator(images, threads: threads).outputs(of: try Program(dense)) ?? []
    spread = max(
      LogitDistance.spread(of: logits) / Double(max(images.count, 1)), .leastNormalMagnitude)
  }

  /// The squared movement of the logits under each change, to first order, over the variance of the logits.
  ///
  /// - Parameter progress: called on some thread when a probe is done.
  /// - Returns: nil if `cancellation` was asked for.
  func errors(
    of changes: [WeightChange], cancellation: Cancellation? = nil,
    progress: @Sendable () -> Void = {}
  ) -> [Float]? {
    // Who changes a parameter.
    var users: [String: [Int]] = [:]
    for (index, change) in changes.enumerated() {
      for name in change.values.keys { users[name, default: []].append(index) }
    }
    let names = Set(users.keys)
    let parts = parallelMap(Self.pieces, threads: threads) { [users] piece in
      var sums = [Double](repeating: 0, count: changes.count)
      for sample in samples * piece / Self.pieces..<samples * (piece + 1) / Self.pieces {
        if cancellation?.isRequested == true { break }
        var movements = [Double](repeating: 0, count: changes.count)
        for (name, gradient) in gradients(ofSample: sample, names) {
          for index in users[name] ?? [] {
            guard let change = changes[index].values[name] else { continue }
            movements[index] += Double(change.dot(gradient))
          }
        }
        for (index, movement) in movements.enumerated() { sums[index] += movement * movement }
        progress()
      }
      return sums
    }
    if cancellation?.isRequested == true { return nil }
    let probesPerImage =
      switch probes {
      case .normal: Double(samples)
      case .classes: Double(set.count)
      }
    return changes.indices.map { index in
      Float(parts.reduce(0) { $0 + $1[index] } / probesPerImage / spread)
    }
  }

  /// The gradients of u times the logits of one image with respect to some parameters.
  private func gradients(
    ofSample sample: Int, _ names: Set<String>
  ) -> [(name: String, [Float])] {
    let tape = Tape<Float>(threads: 1)
    let bound = network.parameters.bound(to: tape, learning: names)
    let images = set.images(at: [sample * max(1, set.count / samples) % set.count])
    let logits = network.run(images, on: bound, mode: .inference).logits
    let product = (logits * tape.constant(probe(ofSample: sample, shape: logits.shape))).sum()
    return bound.namedGradients(in: tape.gradients(of: product)).map { ($0, $1.scalars) }
  }

  private func probe(ofSample sample: Int, shape: [Int]) -> Tensor<Float> {
    switch probes {
    case .normal:
      var generator = SeededGenerator(seed: UInt64(sample))
      return generator.normalTensor(shape: shape, deviation: 1)
    case .classes:
      var scalars = [Float](repeating: 0, count: shape.reduce(1, *))
      scalars[sample / set.count] = 1
      return Tensor(shape: shape, scalars: scalars)
    }
  }
}
