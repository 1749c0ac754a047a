internal import Engine
public import ModelGraph
public import Patterns

/// A model with a strategy applied: channels removed, masked weights zero. What is run and written is what
/// `lowered()` makes of it.
///
///     let pruned = try space.apply(strategy, to: file.model)
///     let model = try pruned.lowered().model
public struct PrunedModel: Sendable {
  /// The smaller model; its nodes have the names and the order of the dense one's.
  public let model: Model
  /// For each node whose taps are pruned, the mask of each remaining filter.
  public let masks: [Int: [TapMask]]
  /// For each masked weight, by the name of its parameter, which of its elements stay.
  public let keptWeights: [String: [Bool]]
  /// For each node of which every filter masks the same inputs the inputs that stay, as places along the second
  /// axis of its weight, ascending.
  public let keptInputs: [Int: [Int]]
  /// For each node the indices of its channel axis in the dense model that stay, in their new order; nil
  /// if all stay where they are.
  public let keptIndices: [[Int]?]
  /// Its cost.
  public let cost: Cost
}

extension PrunedModel {
  /// The same pruning with other values in the model, which is what a correction leaves.
  public func replacing(_ model: Model) -> PrunedModel {
    PrunedModel(
      model: model, masks: masks, keptWeights: keptWeights, keptInputs: keptInputs,
      keptIndices: keptIndices, cost: cost)
  }

  /// The same pruning with other weights in some layers, by node, and what their outputs are shifted by.
  func replacing(_ layers: [Int: LayerReconstruction.Solution]) -> PrunedModel {
    changing { draft in
      for (node, layer) in layers.sorted(by: { $0.key < $1.key }) {
        draft.replace(node, by: layer)
      }
    }
  }

  /// The same pruning with channels of some nodes' outputs, by node, scaled and shifted.
  func correcting(_ corrections: [Int: Calibration.Correction]) -> PrunedModel {
    changing { draft in
      for (node, correction) in corrections.sorted(by: { $0.key < $1.key }) {
        draft.correct(node, by: correction)
      }
    }
  }

  private func changing(_ change: (inout ModelDraft) -> Void) -> PrunedModel {
    var draft = ModelDraft(model)
    change(&draft)
    do {
      return replacing(try draft.model())
    } catch {
      preconditionFailure("a corrected model has the shapes of the pruned one: \(error)")
    }
  }
}
