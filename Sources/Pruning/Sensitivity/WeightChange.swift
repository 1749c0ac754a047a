internal import LinearAlgebra
internal import ModelGraph

/// The difference of a pruned model's parameters from the dense model's, in the dense model's shapes and under its
/// names, rounded; parameters that do not change are left out.
///
/// What a removed channel was made of does not change: it is what reads the channel that loses its weights.
struct WeightChange: Sendable {
  private(set) var values: [String: RoundedVector] = [:]

  /// The change from `dense`, of which `pruned` was made.
  init(_ pruned: PrunedModel, from dense: Model) {
    let graph = dense.graph
    let layers = graph.nodes.indices.filter { graph.weight(of: $0) != nil }
    for (node, left) in pruned.keptFeatures(ofNodes: layers, of: graph) {
      guard let old = graph.weight(of: node).flatMap({ dense.parameters[$0.name] }),
        let name = graph.weight(of: node)?.name,
        let new = pruned.model.graph.weight(of: node).flatMap({
          pruned.model.parameters[$0.name]
        })
      else { continue }
      // Most layers are as they were: they share their values.
      let isWhole = left.inputs == nil && left.keptFilters == nil
      if !isWhole || old.values != new.values {
        record(Self.change(of: old, to: new, left), name)
      }
      for case let (name?, newName?) in zip(
        graph.shifts(ofLayer: node), pruned.model.graph.shifts(ofLayer: node))
      {
        guard let before = dense.parameters[name]?.values,
          let after = pruned.model.parameters[newName]?.values
        else { continue }
        var change = [Float](repeating: 0, count: before.count)
        for (place, filter) in left.filters.enumerated() {
          change[filter] = after[place] - before[filter]
        }
        record(change, name)
      }
    }
  }

  /// The change of a weight of which some filters and features are left.
  private static func change(of old: Parameter, to new: Parameter, _ left: KeptFeatures) -> [Float]
  {
    let (row, width) = (old.values.count / max(old.shape[0], 1), left.features.count)
    var change = [Float](repeating: 0, count: old.values.count)
    for (place, filter) in left.filters.enumerated() {
      for feature in 0..<row {
        change[filter * row + feature] = -old.values[filter * row + feature]
      }
      for (index, feature) in left.features.enumerated() {
        change[filter * row + feature] += new.values[place * width + index]
      }
    }
    return change
  }

  private mutating func record(_ change: [Float], _ name: String) {
    if change.contains(where: { $0 != 0 }) { values[name] = RoundedVector(change) }
  }
}

extension Graph {
  /// The names of what shifts a layer's output: its bias, and that of the batch-norm behind it.
  fileprivate func shifts(ofLayer node: Int) -> [String?] {
    [
      parameters(of: node).dropFirst().first?.name, soleBatchNormalization(after: node)?.bias,
    ]
  }
}
