import Engine
import LinearAlgebra
import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Pruning

@Suite struct ChannelEliminationTests {
  /// Against solving for every set anew: what a set of channels costs, damping included, is
  /// w_R (H_RR - H_RS (H_SS)^-1 H_SR) w_R.
  @Test(arguments: ["stem", "hidden"])
  func eachTimeTheCheapestChannelGoes(producer: String) throws {
    let model = try SmallNetwork.model()
    let calibration = SmallNetwork.calibration(images: 64, seed: 8)
    let reconstruction = try #require(try Reconstruction(model, calibration: calibration))
    let node = try #require(model.graph.index(of: producer))
    let index = try #require(reconstruction.groups.groups(inNode: node).first)
    let group = reconstruction.groups.groups[index]
    let order = try #require(reconstruction.eliminationOrder(ofGroup: index))
    #expect(order.sorted() == Array(0..<group.channels))
    let readers = group.consumers.compactMap { reconstruction.layers[$0] }
    #expect(readers.count == group.consumers.count)
    var removed: Set<Int> = []
    for channel in order.prefix(3) {
      let losses = try (0..<group.channels).map { candidate in
        removed.contains(candidate)
          ? Double.infinity
          : try loss(removed.union([candidate]), readers, channels: group.channels)
      }
      let least = try #require(losses.min())
      #expect(losses[channel] <= least * 1.0001)
      removed.insert(channel)
    }
  }

  private func loss(_ removed: Set<Int>, _ readers: [LayerReconstruction], channels: Int) throws
    -> Double
  {
    try readers.reduce(0.0) { sum, layer in
      let span = layer.features / channels
      let (gone, left) = (
        (0..<layer.features).filter { removed.contains($0 / span) },
        (0..<layer.features).filter { !removed.contains($0 / span) }
      )
      var values = layer.covariances[0].values
      let damping = 1e-3 * layer.covariances[0].meanDiagonal
      for feature in 0..<layer.features { values[feature * (layer.features + 1)] += damping }
      let damped = SymmetricMatrix(order: layer.features, values: values)
      let factor = try #require(Cholesky(damped.submatrix(left)))
      var (lost, total) = (0.0, 0.0)
      for filter in 0..<layer.filters {
        let dense = layer.weights(of: [filter])
        let products = damped.multiplied(
          by: dense.indices.map { removed.contains($0 / span) ? dense[$0] : 0 })
        let regained = factor.solution(for: left.map { products[$0] })
        let squared = layer.scale[filter] * layer.scale[filter]
        let own = gone.reduce(0.0) { $0 + dense[$1] * products[$1] }
        lost += squared * zip(left, regained).reduce(own) { $0 - products[$1.0] * $1.1 }
        total += squared * layer.variances[filter]
      }
      return sum + lost / total
    }
  }
}
