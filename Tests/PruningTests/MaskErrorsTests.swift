import Engine
import Formats
import LinearAlgebra
import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Pruning

@Suite struct MaskErrorsTests {
  @Test(arguments: [(1, 1), (2, 3), (4, 9), (9, 9), (1, 25), (24, 25), (3, 49)])
  func everyMaskIsThereOnce(kept: Int, taps: Int) throws {
    let side = Int(Double(taps).squareRoot())
    let kernel = side * side == taps ? Extent(side, side) : Extent(1, taps)
    let masks = try #require(TapMask.all(of: kernel, keeping: kept, limit: 20_000))
    let number = (0..<kept).reduce(1) { $0 * (taps - $1) / ($1 + 1) }
    #expect(Set(masks).count == number && masks.count == number)
    #expect(masks.allSatisfy { $0.count == kept })
    #expect(TapMask.all(of: kernel, keeping: kept, limit: number - 1) == nil)
  }

  @Test func sharingReadsBack() {
    for sharing in [
      MaskSharing.standard, .block(1), .block(16), .layer(masks: 1), .layer(masks: 7),
    ] {
      #expect(MaskSharing(sharing.description) == sharing)
    }
    for text in [
      "", "0", "-1", "blocks", "block-", "block-0", "filters", "1.5", "99999999999999999999",
    ] {
      #expect(MaskSharing(text) == nil)
    }
  }

  /// Against trying every mask for every filter, each system solved on its own.
  @Test(arguments: ["stem", "inner", "depthwise"], ["stripe", "taps"])
  func errorsAreThoseOfEachSystemAlone(name: String, family: String) throws {
    let model = try SmallNetwork.model()
    var generator = SmallNetwork.Generator(state: 6)
    let images = (0..<32 * 72).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let calibration = Calibration(
      Dataset(
        images: images, labels: [Int32](repeating: 0, count: 32), shape: model.graph.inputShape))
    let reconstruction = try #require(try Reconstruction(model, calibration: calibration))
    let node = try #require(model.graph.index(of: name))
    let layer = try #require(reconstruction.layers[node])
    let pattern: Pattern =
      family == "stripe"
      ? .stripe(try #require(Density("1/3"))) : .taps(try #require(Density("4/9")))
    let inputs = name == "inner" ? [0, 3, 4, 9] : nil
    let found = try #require(
      reconstruction.maskErrors(pattern, node: node, filters: [5, 0, 11], inputs: inputs))
    #expect(found.masks.count == (family == "stripe" ? 6 : 126))
    for (row, filter) in [5, 0, 11].enumerated() {
      let covariance = layer.covariances[layer.group(ofFilter: filter)]
      let dense = layer.weights(of: [filter])
      for (mask, error) in zip(found.masks, found.errors[row]) {
        let support = (inputs ?? Array(0..<layer.features / 9)).flatMap { input in
          (0..<9).filter(mask.keeps).map { input * 9 + $0 }
        }
        // w_S H_SS = w H_:S, damped towards w, by the definition of the optimum.
        let inner = covariance.submatrix(support)
        let damping = 1e-3 * covariance.meanDiagonal
        let product = covariance.multiplied(by: dense)
        let right = support.map { product[$0] + damping * dense[$0] }
        let solution = try #require(Cholesky(inner, damping: damping)).solution(for: right)
        var change = dense.map { -$0 }
        for (place, feature) in support.enumerated() { change[feature] += solution[place] }
        let wanted = zip(change, covariance.multiplied(by: change)).reduce(0) { $0 + $1.0 * $1.1 }
        let scaled = wanted * layer.scale[filter] * layer.scale[filter]
        #expect(abs(Double(error) - scaled) < 1e-4 * max(scaled, 1e-3))
      }
    }
  }

  /// Where input channels are uncorrelated nothing is lost by taking them to be.
  @Test(arguments: ["stem", "inner"], [1e-3, 0.3])
  func roughErrorsAreThoseOfUncorrelatedChannels(name: String, damping: Double) throws {
    let model = try SmallNetwork.model()
    let node = try #require(model.graph.index(of: name))
    let own = try #require(
      try SmallNetwork.calibration(images: 32, seed: 6).inputMoments(of: model, nodes: [node])?[
        node])
    let order = own.features
    var values = own.covariances[0].values
    for row in 0..<order {
      for column in 0..<order where row / 9 != column / 9 { values[row * order + column] = 0 }
    }
    let moments = try #require(
      InputMoments(
        groups: 1, mean: own.mean,
        triangles: SymmetricMatrix(order: order, values: values).triangle))
    var layer = try #require(LayerReconstruction(model, node: node, moments: moments))
    layer.damping = damping
    let search = MaskSearch(
      layer: layer, filters: [4, 0, 7], inputs: Array(0..<order / 9), threads: 2)
    let density = try #require(Density("4/9"))
    let masks = try #require(Pattern.taps(density).candidateMasks(for: Extent(3, 3)))
    let (rough, exact) = (search.roughErrors(of: masks), search.errors(of: masks))
    for (rough, exact) in zip(rough.errors.joined(), exact.errors.joined()) {
      #expect(abs(rough - exact) <= 1e-3 * exact + 1e-6)
    }
  }
}
