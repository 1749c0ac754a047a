import ModelGraph
import Patterns
import Pruning

extension Model {
  /// The model with every weight zero that reads a channel which `pruned` has no longer.
  func silenced(as pruned: PrunedModel) -> Model {
    var parameters = parameters
    for node in graph.nodes {
      let weight: String
      switch node.op {
      case .convolution(let conv) where conv.groups == 1: weight = conv.weight
      case .linear(let linear): weight = linear.weight
      default: continue
      }
      guard let kept = pruned.keptIndices[node.inputs[0]], let old = parameters[weight] else {
        continue
      }
      let taps = old.shape.dropFirst(2).reduce(1, *)
      let stays = Set(kept)
      parameters[weight] = Parameter(
        shape: old.shape,
        values: old.values.enumerated().map { place, value in
          stays.contains(place / taps % old.shape[1]) ? value : 0
        })
    }
    return replacing(parameters)
  }
}
