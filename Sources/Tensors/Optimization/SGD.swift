/// Stochastic gradient descent with momentum, as `torch.optim.SGD` computes it.
///
/// With the gradient g, the weight decay d and the momentum m, a step is `g += d x`, `v = m v + g` and
/// `x -= rate v`; with Nesterov's momentum (Sutskever et al. 2013) it is `x -= rate (g + m v)`.
public struct SGD: Sendable, Equatable, Codable {
  /// The step length.
  public var learningRate: Float
  /// The share of the last step's direction that the next one keeps.
  public var momentum: Float
  /// Whether the gradient is taken as if the momentum's step had been made already.
  public var isNesterov: Bool
  /// The weight decay: the share of its parameter that is added to each gradient.
  public var weightDecay: Float
  package private(set) var velocities: [Tensor<Float>] = []

  /// Creates an optimiser that has seen no gradient yet.
  public init(
    learningRate: Float, momentum: Float = 0, isNesterov: Bool = false, weightDecay: Float = 0
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
  }

  /// Whether the velocities, if there are any, belong to parameters of this layout.
  public func fits(_ parameters: Parameters) -> Bool {
    velocities.isEmpty || velocities.map(\.shape) == parameters.tensors.map(\.shape)
  }

  /// Moves every parameter one step.
  ///
  /// - Parameter decays: for each parameter whether it decays; by default all do.
  public mutating func update(
    _ parameters: inout Parameters, gradients: [Tensor<Float>], decays: [Bool]? = nil
  ) {
    precondition(gradients.map(\.shape) == parameters.tensors.map(\.shape))
    precondition(decays.map { $0.count == gradients.count } ?? true)
    if velocities.isEmpty {
      velocities = gradients.map { Tensor(shape: $0.shape, repeating: 0) }
    }
    precondition(fits(parameters), "the optimiser's velocities belong to other parameters")
    // Copies, because the closures below must not read self while a part of it is written.
    let (rate, momentum, isNesterov) = (learningRate, momentum, isNesterov)
    for i in gradients.indices {
      let decay = decays?[i] ?? true ? weightDecay : 0
      parameters.tensors[i].scalars.withUnsafeMutableBufferPointer { x in
        velocities[i].scalars.withUnsafeMutableBufferPointer { velocity in
          gradients[i].scalars.withUnsafeBufferPointer { g in
            precondition(x.count == g.count && velocity.count == g.count)
            for p in 0..<x.count {
              let gradient = g[p] + decay * x[p]
              velocity[p] = momentum * velocity[p] + gradient
              x[p] -= rate * (isNesterov ? gradient + momentum * velocity[p] : velocity[p])
            }
          }
        }
      }
    }
  }

  /// Forgets the velocity of every element of a parameter whose flag in `kept` is false.
  public mutating func clearState(of key: Parameters.Key, except kept: [Bool]) {
    if !velocities.isEmpty { velocities[key.index].clear(except: kept) }
  }
}
