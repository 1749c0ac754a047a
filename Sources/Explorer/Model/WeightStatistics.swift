package import ModelGraph
internal import Pruning

/// Statistics of a model's weights, computed once off the main thread.
package struct WeightStatistics: Hashable, Sendable {
  /// For each convolution the energy of its taps, row by row, 1 for the strongest.
  package let tapEnergy: [Int: [Double]]
  /// For each convolution and linear layer a histogram of its filters' norms, from 0 to the largest.
  package let normHistogram: [Int: [Int]]

  /// For each of them a histogram of its weights.
  package let values: [Int: Histogram]

  /// Bins of a histogram.
  private static let binCount = 16

  /// Reads the weights of a trained model.
  package init(_ model: Model) {
    var energies: [Int: [Double]] = [:]
    for (index, node) in model.graph.nodes.enumerated() {
      guard case .convolution(let conv) = node.op, conv.kernel.area > 1,
        let weight = model.parameters[conv.weight]
      else { continue }
      let taps = conv.kernel.area
      var energy = [Double](repeating: 0, count: taps)
      for (place, value) in weight.values.enumerated() {
        energy[place % taps] += Double(value * value)
      }
      let most = max(energy.max() ?? 0, .leastNormalMagnitude)
      energies[index] = energy.map { $0 / most }
    }
    tapEnergy = energies
    var histograms: [Int: [Int]] = [:]
    var values: [Int: Histogram] = [:]
    for (index, node) in model.graph.nodes.enumerated() {
      let (name, filters): (String, Int)
      switch node.op {
      case .convolution(let conv): (name, filters) = (conv.weight, conv.outputChannels)
      case .linear(let linear): (name, filters) = (linear.weight, linear.outputFeatures)
      default: continue
      }
      guard let weight = model.parameters[name], filters > 0 else { continue }
      values[index] = Histogram(weight.values)
      let length = weight.values.count / filters
      let norms = (0..<filters).map { filter in
        weight.values[filter * length..<(filter + 1) * length]
          .reduce(0) { $0 + Double($1 * $1) }.squareRoot()
      }
      let most = max(norms.max() ?? 0, .leastNormalMagnitude)
      var bins = [Int](repeating: 0, count: Self.binCount)
      for norm in norms where norm.isFinite {
        bins[min(Int(norm / most * Double(Self.binCount)), Self.binCount - 1)] += 1
      }
      histograms[index] = bins
    }
    normHistogram = histograms
    self.values = values
  }
}
