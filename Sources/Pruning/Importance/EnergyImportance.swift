internal import ModelGraph
internal import Patterns

extension WeightEnergy: Importance {
  /// Needs no data: what has most energy stays.
  func mask(
    _ pattern: Pattern, ofNode node: Int, _ left: KeptFeatures, _ sharing: MaskSharing
  ) -> WeightMask {
    guard let shape = left.shape(ofNode: node, of: model.graph) else { return WeightMask([]) }
    let weights = left.gathering(weights(ofNode: node), of: model.graph, node: node)
    return pattern.mask(weights, shape: shape, sharing)
  }
}

extension Pattern {
  /// Which weights stay: those with most energy, or whatever else says how much each matters.
  ///
  /// - Parameter energy: of each weight, `[filters][inputs][taps]` as `shape` says.
  /// - Returns: of equally good weights the first ones stay.
  func mask(_ energy: [Float], shape: WeightShape, _ sharing: MaskSharing) -> WeightMask {
    guard keptTaps(of: shape.kernel) != nil else {
      return WeightMask(keptInputs(ofEnergy: energy, shape: shape))
    }
    let taps = shape.kernel.area
    var sums = [[Float]](repeating: [Float](repeating: 0, count: taps), count: shape.filters)
    for (place, value) in energy.enumerated() {
      sums[place / (shape.inputs * taps)][place % taps] += value
    }
    return WeightMask(
      masks(forEnergy: sums, kernel: shape.kernel, sharing), inputs: shape.inputs)
  }

  /// The channels of a group that stay, ascending: of each part the most important.
  func keptChannels(of group: ChannelGroup, importance: [Float]) -> [Int] {
    group.parts.flatMap { part in
      part.sorted { (importance[$1], $0) < (importance[$0], $1) }
        .prefix(keptChannels(of: part.count, in: group))
    }.sorted()
  }

  private func keptInputs(ofEnergy energy: [Float], shape: WeightShape) -> [Bool] {
    let taps = shape.kernel.area
    let row = shape.inputs * taps
    var kept = [Bool](repeating: true, count: shape.count)
    /// Decides for those weights that share a decision: the filters, one tap, a run of inputs, of whose
    /// blocks of `length` inputs so many stay.
    func decide(_ filters: Range<Int>, tap: Int, _ inputs: Range<Int>, length: Int, keeping: Int) {
      func places(_ block: Int) -> [Int] {
        filters.flatMap { filter in
          (0..<length).map { filter * row + (inputs.lowerBound + block * length + $0) * taps + tap }
        }
      }
      let sums = (0..<inputs.count / length).map { block in
        places(block).reduce(Float(0)) { $0 + energy[$1] }
      }
      let order = sums.indices.sorted { (sums[$1], $0) < (sums[$0], $1) }
      for block in order.dropFirst(keeping) {
        for place in places(block) { kept[place] = false }
      }
    }
    switch self {
    case .tile(let density):
      let blocks = shape.inputs / Self.tile.inputs
      guard blocks > 0 else { break }
      for first in stride(from: 0, to: shape.filters, by: Self.tile.filters) {
        decide(
          first..<min(first + Self.tile.filters, shape.filters), tap: 0, 0..<shape.inputs,
          length: Self.tile.inputs, keeping: density.applied(to: blocks))
      }
    case .thirds(let density):
      guard shape.inputs >= 3 else { break }
      let third = shape.inputs / 3
      decide(
        0..<shape.filters, tap: 0, 0..<3 * third, length: third, keeping: density.applied(to: 3))
    case .nOfM(let density):
      for filter in 0..<shape.filters {
        for tap in 0..<taps {
          for first in stride(from: 0, through: shape.inputs - density.of, by: density.of) {
            decide(
              filter..<filter + 1, tap: tap, first..<first + density.of, length: 1,
              keeping: density.kept)
          }
        }
      }
    default: break
    }
    return kept
  }
}
