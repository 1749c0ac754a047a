internal import ModelGraph
internal import Patterns

/// The squared weights of a model, scaled as batch-norm scales them: what masks are chosen by.
struct WeightEnergy {
  let model: Model
  /// For each node, the squared batch-norm scale of each output channel; empty without batch-norm.
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

  /// The energy of each weight of the convolution or linear layer at `index`,
  /// `[filters][inputs][taps]`; empty for other nodes.
  func weights(ofNode index: Int) -> [Float] {
    guard let weight = model.graph.weight(of: index).flatMap({ model.parameters[$0.name] })
    else { return [] }
    let row = weight.values.count / max(weight.shape[0], 1)
    return weight.values.enumerated().map { place, value in
      value * value * (scales[index].isEmpty ? 1 : scales[index][place / row])
    }
  }

  /// The energy of each channel of a group: the sum over the nodes that make it of their filters' share.
  func channels(ofGroup number: Int, _ groups: ChannelGroups) -> [Float] {
    let group = groups.groups[number]
    var total = [Float](repeating: 0, count: group.channels)
    for producer in group.producers {
      let energy = filters(ofNode: producer)
      let sum = max(energy.reduce(0, +), .leastNormalMagnitude)
      for (filter, channel) in (groups.maps[producer]?.channels ?? []).enumerated() {
        guard let channel, channel.group == number else { continue }
        total[channel.index] += energy[filter] / sum
      }
    }
    return total
  }

  private func filters(ofNode index: Int) -> [Float] {
    let weights = weights(ofNode: index)
    let row = weights.count / max(model.graph.weightShape(of: index)?.filters ?? 1, 1)
    return stride(from: 0, to: weights.count, by: max(row, 1)).map { first in
      weights[first..<first + row].reduce(0, +)
    }
  }
}
