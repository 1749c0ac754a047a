/// The Adam optimiser (arXiv 1412.6980, algorithm 1), with decoupled weight decay (arXiv 1711.05101).
///
/// It lives with the tensors because agent and training share it.
public struct Adam: Sendable, Equatable, Codable {
  /// The step length.
  public var learningRate: Float
  /// The decay of the gradients' running mean.
  public var beta1: Float
  /// The decay of the squared gradients' running mean.
  public var beta2: Float
  /// The term that keeps the division finite; 1e-5 is usual for PPO.
  public var epsilon: Float
  /// The fraction of each parameter, times the learning rate, removed at each step.
  public var weightDecay: Float
  /// The number of updates made so far.
  public private(set) var step = 0
  package private(set) var means: [Tensor<Float>] = []
  package private(set) var squares: [Tensor<Float>] = []

  /// Creates an optimiser that has seen no gradient yet.
  public init(
    learningRate: Float, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// Whether the moments, if there are any, belong to parameters of this layout.
  public func fits(_ parameters: Parameters) -> Bool {
    let shapes = parameters.tensors.map(\.shape)
    return (0..<Int.max).contains(step) && means.map(\.shape) == squares.map(\.shape)
      && (means.isEmpty || means.map(\.shape) == shapes)
  }

  /// Moves every parameter one step against its gradient.
  ///
  /// - Parameter decays: for each parameter whether it decays; by default all do.
  public mutating func update(
    _ parameters: inout Parameters, gradients: [Tensor<Float>], decays: [Bool]? = nil
  ) {
    precondition(gradients.map(\.shape) == parameters.tensors.map(\.shape))
    precondition(decays.map { $0.count == gradients.count } ?? true)
    if means.isEmpty {
      means = gradients.map { Tensor(shape: $0.shape, repeating: 0) }
      squares = means
    }
    precondition(fits(parameters), "the optimiser's moments belong to other parameters")
    step += 1
    let rate = learningRate / (1 - power(beta1, step))
    let correction = 1 / (1 - power(beta2, step))
    for i in gradients.indices {
      let decay = decays?[i] ?? true ? learningRate * weightDecay : 0
      parameters.tensors[i].scalars.withUnsafeMutableBufferPointer { x in
        means[i].scalars.withUnsafeMutableBufferPointer { mean in
          squares[i].scalars.withUnsafeMutableBufferPointer { square in
            gradients[i].scalars.withUnsafeBufferPointer { g in
              precondition(x.count == g.count && mean.count == g.count && square.count == g.count)
              for p in 0..<x.count {
                mean[p] = beta1 * mean[p] + (1 - beta1) * g[p]
                square[p] = beta2 * square[p] + (1 - beta2) * g[p] * g[p]
                x[p] -= decay * x[p]
                x[p] -= rate * mean[p] / ((square[p] * correction).squareRoot() + epsilon)
              }
            }
          }
        }
      }
    }
  }

  /// Forgets the moments of every element of a parameter whose flag in `kept` is false.
  public mutating func clearState(of key: Parameters.Key, except kept: [Bool]) {
    guard !means.isEmpty else { return }
    means[key.index].clear(except: kept)
    squares[key.index].clear(except: kept)
  }

  private func power(_ base: Float, _ exponent: Int) -> Float {
    Float.exp(Float(exponent) * Float.log(base))
  }
}
