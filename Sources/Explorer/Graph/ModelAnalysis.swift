package import ModelGraph
package import Patterns
package import Pruning

/// What the weights say, computed once off the main thread.
package struct ModelAnalysis: Hashable, Sendable {
  /// What each choice of each unit is expected to cost.
  package let sensitivity: Sensitivity
  /// For each convolution the energy of its taps, row by row, 1 for the strongest.
  package let tapEnergy: [Int: [Double]]
  /// For each convolution and linear layer how many of its filters have which norm: bins from none to the largest.
  package let normHistogram: [Int: [Int]]

  /// How many bins there are.
  private static let binCount = 16

  /// Analyses a trained model.
  package init(_ model: Model, in space: PruningSpace) {
    sensitivity = Sensitivity(energyOf: model, in: space)
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
    for (index, node) in model.graph.nodes.enumerated() {
      let (name, filters): (String, Int)
      switch node.op {
      case .convolution(let conv): (name, filters) = (conv.weight, conv.outputChannels)
      case .linear(let linear): (name, filters) = (linear.weight, linear.outputFeatures)
      default: continue
      }
      guard let weight = model.parameters[name], filters > 0 else { continue }
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
  }
}

/// Which masks a strategy's patterns became.
package struct MaskSummary: Hashable, Sendable {
  /// A mask and how many filters have it.
  package struct Entry: Hashable, Sendable {
    /// The mask.
    package let mask: TapMask
    /// Filters that keep exactly its taps.
    package let filters: Int
  }

  /// What was asked about.
  package let choices: [Pattern]
  /// For each node whose taps are pruned its masks, most frequent first.
  package let masks: [Int: [Entry]]

  /// Counts the masks of a strategy.
  package init(_ strategy: Strategy, pruned: PrunedModel) {
    choices = strategy.choices
    masks = pruned.masks.mapValues { masks in
      Dictionary(grouping: masks) { $0 }
        .map { Entry(mask: $0.key, filters: $0.value.count) }
        .sorted { ($1.filters, $0.mask.bits) < ($0.filters, $1.mask.bits) }
    }
  }
}
