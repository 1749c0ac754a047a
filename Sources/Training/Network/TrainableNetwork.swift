public import ModelGraph
public import Tensors

/// A model as training sees it: tensors to learn, running statistics, and what computes logits from them
/// on a tape.
public struct TrainableNetwork: Sendable {
  /// The model that it was made of; `trained` has the present values.
  public let model: Model
  /// The learned parameters, under the names that the graph uses.
  public var parameters: Parameters
  /// Running means and variances of batch normalisations, likewise.
  public var statistics: [String: Tensor<Float>]
  /// For each parameter whether weight decay may shrink it: weights of convolutions and linear layers, but no
  /// norms, biases and embeddings.
  public let decays: [Bool]

  let keys: [String: Parameters.Key]
  let plan: NetworkPlan

  /// A network with the model's parameters.
  /// - Throws: `TrainingError`, which names the node that cannot be trained.
  public init(_ model: Model) throws(TrainingError) {
    let needsParameters = model.graph.nodes.indices.contains {
      !model.graph.parameters(of: $0).isEmpty
    }
    precondition(model.isTrained || !needsParameters, "initialise the model first")
    for node in model.graph.nodes {
      if let reason = node.op.untrainableReason {
        throw TrainingError("node '\(node.name)' cannot be trained: \(reason)")
      }
    }
    var parameters = Parameters()
    var statistics: [String: Tensor<Float>] = [:]
    var keys: [String: Parameters.Key] = [:]
    var decays: [Bool] = []
    for (index, node) in model.graph.nodes.enumerated() {
      for declaration in model.graph.parameters(of: index) {
        guard keys[declaration.name] == nil, let value = model.parameters[declaration.name] else {
          continue
        }
        let tensor = Tensor(shape: value.shape, scalars: value.values)
        if declaration.isLearned {
          keys[declaration.name] = parameters.add(declaration.name, tensor)
          decays.append(node.op.weight == declaration.name)
        } else {
          statistics[declaration.name] = tensor
        }
      }
    }
    self.model = model
    self.parameters = parameters
    self.statistics = statistics
    self.decays = decays
    self.keys = keys
    plan = NetworkPlan(model.graph)
  }

  /// The model with the present parameters and statistics.
  public var trained: Model { model(with: parameters, statistics: statistics) }

  /// The model with other parameters and statistics.
  func model(with parameters: Parameters, statistics: [String: Tensor<Float>]) -> Model {
    var values = model.parameters
    for (name, tensor) in zip(parameters.names, parameters.tensors) {
      values[name] = Parameter(shape: tensor.shape, values: tensor.scalars)
    }
    for (name, tensor) in statistics {
      values[name] = Parameter(shape: tensor.shape, values: tensor.scalars)
    }
    return model.replacing(values)
  }

  /// Masks of some parameters by name: which of their elements stay.
  /// - Throws: `TrainingError` if there is no such parameter.
  public func masks(of kept: [String: [Bool]]) throws(TrainingError) -> WeightMasks {
    var masks: [Parameters.Key: [Bool]] = [:]
    for (name, flags) in kept {
      guard let key = keys[name] else {
        throw TrainingError("the network has no parameter '\(name)'")
      }
      masks[key] = flags
    }
    return WeightMasks(masks)
  }

  /// Which statistics batch normalisations use.
  public enum Mode: Sendable {
    /// Those of the batch.
    case training
    /// The running ones.
    case inference
  }

  /// The outcome of a pass over a batch.
  public struct Output {
    /// The logits, [N, classes].
    public let logits: Variable<Float>
    /// The running statistics after the batch.
    public let statistics: [String: Tensor<Float>]
  }

  /// Takes images, [N, H, W, C] or [N, F], through the network.
  public func run(_ images: Tensor<Float>, on bound: BoundParameters, mode: Mode) -> Output {
    var pass = ForwardPass(network: self, bound: bound, mode: mode, images: images)
    return Output(logits: pass.run(), statistics: pass.statistics)
  }

  /// The gradients and statistics of one batch.
  struct Lesson {
    let loss: Float
    let logits: Tensor<Float>
    /// In the order of the parameters.
    let gradients: [Tensor<Float>]
    /// The running statistics after the batch.
    let statistics: [String: Tensor<Float>]
  }

  /// The gradients of a batch's loss. The tape is gone when it returns, so that an update of the parameters
  /// copies nothing.
  func lesson(
    _ images: Tensor<Float>, targets: Tensor<Float>, teacher: Tensor<Float>? = nil, loss: Loss,
    threads: Int
  ) -> Lesson {
    let tape = Tape<Float>(threads: threads)
    let bound = parameters.bound(to: tape)
    let output = run(images, on: bound, mode: .training)
    let value = loss(output.logits, targets: targets, teacher: teacher)
    return Lesson(
      loss: value.value.scalar, logits: output.logits.value,
      gradients: bound.gradients(in: tape.gradients(of: value)), statistics: output.statistics)
  }

  /// The logits, [N, classes], with the running statistics and no gradient.
  public func logits(_ images: Tensor<Float>, threads: Int) -> Tensor<Float> {
    let tape = Tape<Float>(isRecording: false, threads: threads)
    return run(images, on: parameters.bound(to: tape), mode: .inference).logits.value
  }
}

extension Operator {
  /// The name of the weight that is multiplied with inputs, if there is one.
  fileprivate var weight: String? {
    switch self {
    case .convolution(let convolution): convolution.weight
    case .linear(let linear): linear.weight
    default: nil
    }
  }

  /// Why no gradient flows through it, if so.
  fileprivate var untrainableReason: String? {
    switch self {
    case .argMax: "ArgMax has no gradient"
    case .resize: "Resize is not differentiated yet"
    case .arithmetic(.power): "Pow is not differentiated yet"
    case .unsupported(let unsupported): "\(unsupported.kind) \(unsupported.reason)"
    default: nil
    }
  }
}
