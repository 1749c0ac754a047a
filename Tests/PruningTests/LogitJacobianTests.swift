import Engine
import Formats
import LinearAlgebra
import ModelGraph
import TestSupport
import Testing
import Training

@testable import Patterns
@testable import Pruning

@Suite struct LogitJacobianTests {
  private let model: Model
  private let space: PruningSpace
  private let images: Dataset

  init() throws {
    model = try SmallNetwork.model()
    space = PruningSpace(model.graph)
    images = SmallNetwork.calibration(images: 24, seed: 5).dataset
  }

  private func changed(_ jacobian: LogitJacobian, by change: WeightChange, times factor: Float)
    -> Model
  {
    var parameters = jacobian.model.parameters
    for (name, change) in change.values {
      let values = change.values
      for index in values.indices { parameters[name]?.values[index] += factor * values[index] }
    }
    return jacobian.model.replacing(parameters)
  }

  private func outputs(_ model: Model) throws -> [Float] {
    try #require(Evaluator(images).outputs(of: try Program(model)))
  }

  /// The dense network with its weights changed computes what the pruned one does: channels that go count where they
  /// are read.
  @Test(arguments: 0..<12 as Range<UInt64>)
  func aChangeIsTheDifferenceOfTheNetworks(seed: UInt64) throws {
    let model = try RandomNetwork.model(seed: seed)
    let space = PruningSpace(model.graph)
    let images = SmallNetwork.images(for: model, count: 24, seed: seed)
    // Some hold what has no gradient.
    guard (try? TrainableNetwork(model)) != nil else { return }
    let jacobian = try LogitJacobian(model, images: images, probes: .normal(8), threads: 1)
    let reconstruction = try #require(
      try Reconstruction(model, calibration: Calibration(images)))
    let evaluator = Evaluator(images)
    for (unit, description) in space.units.enumerated() {
      var strategy = Strategy(denseFor: space)
      strategy.choices[unit] = description.menu[description.menu.count - 1]
      let pruned = try space.apply(strategy, with: reconstruction)
      let change = WeightChange(pruned, from: jacobian.model)
      let same = changed(jacobian, by: change, times: 1)
      let found = try #require(evaluator.outputs(of: try Program(same)))
      let expected = try #require(evaluator.outputs(of: try Program(pruned.model)))
      let scale = expected.map(abs).max() ?? 1
      #expect(
        zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-3 * max(scale, 1) },
        "\(description.name)")
    }
  }

  /// Against finite differences: the logits of a network with a hundredth of the change. Classes in turn are exact; of
  /// 64 squares of normal numbers the mean is within three quarters.
  @Test func errorsAreThoseOfSmallChanges() throws {
    let jacobian = try LogitJacobian(model, images: images, probes: .classes, threads: 2)
    #expect(jacobian.samples == images.count * 5)
    let dense = try outputs(jacobian.model)
    let mean = dense.reduce(0, +) / Float(dense.count)
    let variance = dense.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    var changes: [WeightChange] = []
    var expected: [Float] = []
    for (unit, description) in space.units.enumerated() where description.kind != .channels {
      var strategy = Strategy(denseFor: space)
      strategy.choices[unit] = description.menu[description.menu.count - 1]
      let change = try WeightChange(space.apply(strategy, to: model), from: jacobian.model)
      let factor: Float = 0.01
      let moved = try outputs(changed(jacobian, by: change, times: factor))
      let squares = zip(moved, dense).reduce(Float(0)) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }
      changes.append(change)
      expected.append(squares / variance / (factor * factor))
    }
    let exact = try #require(jacobian.errors(of: changes))
    #expect(exact.count > 3)
    for (found, expected) in zip(exact, expected) {
      #expect(abs(found - expected) <= 0.03 * expected, "\(found) \(expected)")
    }
    func probed(threads: Int) throws -> [Float] {
      let jacobian = try LogitJacobian(
        model, images: images, probes: .normal(64), threads: threads)
      return try #require(jacobian.errors(of: changes))
    }
    let found = try probed(threads: 1)
    #expect(try found == probed(threads: 3))
    for (found, expected) in zip(found, exact) {
      #expect(abs(found - expected) <= 0.75 * expected, "\(found) \(expected)")
    }
  }
}
