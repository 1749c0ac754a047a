internal import ModelGraph

/// The squared weights of a model, scaled as batch-norm scales them: what masks are chosen by.
struct WeightEnergy {
  let model: Model
  /// For each node, the squared batch-norm scale of each output channel; 1 without batch-norm.
  private let scales: [[Float]]

  init(_ model: Model) {
    self.model = model
    let graph = model.graph
    scales = graph.nodes.indices.map { index in
      guard let norm = graph.soleBatchNormalization(after: index),
        let gamma = model.parameters[norm.scale]?.values,
        let variance = model.parameters[norm.variance]?.values
      else { return [] }
      return zip(gamma, variance).map { $0 * $0 / ($1 + norm.epsilon) }
    }
  }

  /// The energy of each tap of each filter of the convolution at `index`, `[filters][taps]`.
  func taps(ofNode index: Int) -> [[Float]] {
    guard case .convolution(let conv) = model.graph.nodes[index].op,
      let weight = model.parameters[conv.weight]
    else { return [] }
    let (channels, taps) = (weight.shape[1], conv.kernel.area)
    return (0..<conv.outputChannels).map { filter in
      var energy = [Float](repeating: 0, count: taps)
      for channel in 0..<channels {
        for tap in 0..<taps {
          let value = weight.values[(filter * channels + channel) * taps + tap]
          energy[tap] += value * value
        }
      }
      let scale = scales[index].isEmpty ? 1 : scales[index][filter]
      return energy.map { $0 * scale }
    }
  }

  /// The energy of each channel of a group: the sum over its producers of their filters' share.
  func channels(of group: ChannelGroup) -> [Float] {
    var total = [Float](repeating: 0, count: group.channels)
    for producer in group.producers {
      let energy = filters(ofNode: producer)
      let sum = max(energy.reduce(0, +), .leastNormalMagnitude)
      for channel in energy.indices { total[channel] += energy[channel] / sum }
    }
    return total
  }

  private func filters(ofNode index: Int) -> [Float] {
    switch model.graph.nodes[index].op {
    case .convolution: return taps(ofNode: index).map { $0.reduce(0, +) }
    case .linear(let linear):
      guard let weight = model.parameters[linear.weight] else { return [] }
      return (0..<linear.outputFeatures).map { row in
        weight.values[row * weight.shape[1]..<(row + 1) * weight.shape[1]].reduce(0) {
          $0 + $1 * $1
        }
      }
    default: return []
    }
  }
}
