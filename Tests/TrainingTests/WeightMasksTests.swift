import Tensors
import Testing
import Training

@Suite struct WeightMasksTests {
  /// However long a masked network is trained, what is masked stays zero, in the weights, in all that the
  /// optimiser gathers, and in the average.
  @Test(
    arguments: [
      Optimizer.sgd(SGD(learningRate: 0.1, momentum: 0.9, isNesterov: true, weightDecay: 0.01)),
      .sgd(SGD(learningRate: 0.1, momentum: 0.9)), .adam(Adam(learningRate: 0.1, weightDecay: 0.1)),
    ], 1...5 as ClosedRange<UInt64>)
  func nothingMaskedComesBack(optimizer: Optimizer, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var optimizer = optimizer
    var parameters = Parameters()
    let weight = parameters.add("weight", generator.tensor(3, 2, 3, 3))
    let free = parameters.add("head", generator.tensor(4, 5))
    let flags = (0..<54).map { _ in generator.index(below: 2) == 1 }
    let masks = WeightMasks([weight: flags])
    masks.apply(to: &parameters)
    var average = ExponentialMovingAverage(decay: 0.99, parameters: parameters)
    for _ in 0..<30 {
      optimizer.update(
        &parameters, gradients: generator.gradients(of: parameters), learningRate: 0.1,
        decays: [true, true])
      masks.apply(to: &parameters)
      masks.apply(to: &optimizer)
      average.update(parameters)
      for tensor in [parameters[weight], average.parameters[weight]] + optimizer.state(of: 0) {
        #expect(zip(tensor.scalars, flags).allSatisfy { $1 ? $0 != 0 : $0.bitPattern == 0 })
      }
      for tensor in [parameters[free]] + optimizer.state(of: 1) {
        #expect(tensor.scalars.allSatisfy { $0 != 0 })
      }
    }
  }

  @Test func masksOfWhatIsNotZero() {
    var parameters = Parameters()
    let key = parameters.add("w", Tensor(shape: [4], scalars: [0, 1, -0.0, -2]))
    let other = parameters.add("v", Tensor(shape: [1], scalars: [0]))
    let masks = WeightMasks(nonzeroOf: parameters, at: [key])
    #expect(masks == WeightMasks([key: [false, true, false, true]]))
    #expect(masks.kept[other] == nil)
  }

  @Test func masksOfAnOptimizerThatHasSeenNothing() {
    var parameters = Parameters()
    let key = parameters.add("w", Tensor(shape: [2], scalars: [0, 1]))
    var optimizer = Optimizer.adam(Adam(learningRate: 0.1))
    WeightMasks([key: [false, true]]).apply(to: &optimizer)
    #expect(optimizer == .adam(Adam(learningRate: 0.1)))
  }
}

extension Optimizer {
  /// What was gathered for the parameter at `index`.
  fileprivate func state(of index: Int) -> [Tensor<Float>] {
    switch self {
    case .sgd(let sgd): [sgd.velocities[index]]
    case .adam(let adam): [adam.means[index], adam.squares[index]]
    }
  }
}
