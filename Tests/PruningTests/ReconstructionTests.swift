import Engine
import Formats
import LinearAlgebra
import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Pruning

@Suite struct ReconstructionTests {
  let (model, space, calibration): (Model, PruningSpace, Calibration)
  let reconstruction: Reconstruction

  init() throws {
    (model, space, calibration) = try SmallNetwork.calibrated(images: 64)
    reconstruction = try #require(try Reconstruction(model, calibration: calibration))
  }

  private func weights(_ model: Model, _ node: Int) throws -> [Double] {
    let name = try #require(model.graph.weight(of: node)).name
    return try #require(model.parameters[name]).values.map(Double.init)
  }

  @Test func theDenseModelStaysAsItIs() throws {
    let dense = try space.apply(Strategy(denseFor: space), to: model)
    #expect(reconstruction.reconstructed(dense).model.parameters == model.parameters)
  }

  /// The derivative of the squared error with the damping, which is zero at the optimum, by definition
  /// from the covariance; features that are not kept have no weight.
  @Test(arguments: 0..<10)
  func theGradientIsZeroOnTheSupport(seed: Int) throws {
    let pruned = try space.apply(space.randomStrategy(seed), to: model)
    let result = reconstruction.reconstructed(pruned)
    let kept = pruned.keptFeatures(
      ofNodes: reconstruction.layers.keys, of: model.graph)
    for (node, kept) in kept {
      let layer = try #require(reconstruction.layers[node])
      let found = try weights(result.model, node)
      for (row, filter) in kept.filters.enumerated() {
        let covariance = layer.covariances[layer.group(ofFilter: filter)]
        let damping = 1e-3 * covariance.meanDiagonal
        let dense = layer.weights(of: [filter])
        var change = dense.map { -$0 }
        let support = kept.support(ofFilter: row)
        for element in support {
          change[element.feature] += found[row * kept.features.count + element.place]
        }
        let gradient = covariance.multiplied(by: change)
        let scale = covariance.multiplied(by: dense).reduce(1e-3) { max($0, abs($1)) }
        for element in support {
          let slope = gradient[element.feature] + damping * change[element.feature]
          #expect(abs(slope) < 1e-4 * scale)
        }
        let places = Set(support.map(\.place))
        for place in kept.features.indices where !places.contains(place) {
          #expect(found[row * kept.features.count + place] == 0)
        }
      }
    }
  }

  /// Only one layer is pruned, so its inputs are the dense ones and its output can be compared.
  @Test(arguments: ["stem.taps", "inner.taps", "depthwise.taps", "loop.taps"], ["2/9", "4/9"])
  func errorsAreThoseOfTheOutputsAndBelowMasking(unit: String, density: String) throws {
    let index = try #require(space.unit(named: unit))
    guard case .weights(let node) = space.units[index].target else { return }
    var strategy = Strategy(denseFor: space)
    strategy.choices[index] = .taps(try #require(Density(density)))
    let masked = try space.apply(strategy, to: model)
    let result = reconstruction.reconstructed(masked)
    let losses = try #require(reconstruction.losses(masked)[node])
    let dense = try outputs(model, of: node)
    let without = try outputs(masked.model, of: node)
    let with = try outputs(result.model, of: node)
    for channel in losses.indices {
      let variance = variance(dense[channel])
      let left = squares(with[channel], dense[channel])
      #expect(abs(left / variance - losses[channel]) < 1e-3 * max(1, losses[channel]))
      #expect(left <= squares(without[channel], dense[channel]) * 1.0001)
      // The intercept takes the mean.
      let mean = zip(with[channel], dense[channel]).reduce(0) { $0 + $1.0 - $1.1 }
      #expect(abs(mean) < 1e-3 * Double(dense[channel].count) * variance.squareRoot())
    }
  }

  @Test func removedChannelsAreMadeUpFor() throws {
    var strategy = Strategy(denseFor: space)
    let unit = try #require(space.unit(named: "hidden.neurons"))
    strategy.choices[unit] = .neuron(try #require(Density("1/2")))
    let pruned = try space.apply(strategy, to: model)
    let before = try outputError(pruned.model)
    let after = try outputError(reconstruction.reconstructed(pruned).model)
    #expect(after < before)
  }

  private func outputError(_ pruned: Model) throws -> Double {
    let dense = try calibration.pass(model).outputs
    return zip(dense, try calibration.pass(pruned).outputs).reduce(0.0) {
      $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
    }
  }

  private func variance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
  }

  private func squares(_ first: [Double], _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(first.count)
  }

  /// The output of a node, batch-norm behind it included, channel by channel over images and pixels.
  private func outputs(_ model: Model, of node: Int) throws -> [[Double]] {
    var end = node
    if let reader = model.graph.consumers[node].first,
      model.graph.soleBatchNormalization(after: node) != nil
    {
      end = reader
    }
    let shape = model.graph.nodes[end].shape
    let part = try Model(
      name: "part",
      graph: Graph(
        input: model.graph.inputShape,
        declarations: Array(model.graph.declarations[..<end])), input: model.input, classes: [],
      parameters: model.parameters)
    guard case .bytes(let bytes) = calibration.dataset.pixels else { return [] }
    let size = model.graph.inputShape.count
    var result = [[Double]](repeating: [], count: shape.channels)
    for image in 0..<calibration.dataset.count {
      let output = ReferenceNetwork(part).output(
        for: Array(bytes[image * size..<(image + 1) * size]))
      let perChannel = output.count / shape.channels
      for (place, value) in output.enumerated() { result[place / perChannel].append(value) }
    }
    return result
  }

  /// Filters in another order are the same network: nothing is lost, and it costs what it says.
  @Test func reorderedFiltersComputeTheSame() throws {
    let unit = try #require(space.unit(named: "inner.taps"))
    let node = try #require(model.graph.index(of: "inner"))
    var strategy = Strategy(denseFor: space)
    strategy.choices[unit] = .taps(try #require(Density("4/9")))
    let pruned = try space.apply(strategy, with: reconstruction, reconstructs: false)
    let order = try #require(pruned.keptIndices[node])
    #expect(order != order.sorted() && order.sorted() == Array(0..<24))
    // The dense model with the same weights zero, its filters where they were.
    let name = try #require(model.graph.weight(of: node)).name
    let kept = try #require(pruned.keptWeights[name])
    var parameters = model.parameters
    let row = kept.count / order.count
    for (place, filter) in order.enumerated() {
      for weight in 0..<row where !kept[place * row + weight] {
        parameters[name]?.values[filter * row + weight] = 0
      }
    }
    let expected = try calibration.pass(model.replacing(parameters)).outputs
    let seen = try calibration.pass(pruned.model).outputs
    let scale = expected.map(abs).max() ?? 1
    #expect(zip(seen, expected).allSatisfy { abs($0 - $1) <= 1e-4 * scale })
    #expect(pruned.cost == space.cost(of: strategy))
  }
}
