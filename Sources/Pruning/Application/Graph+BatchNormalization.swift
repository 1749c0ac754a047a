internal import ModelGraph

extension Graph {
  /// The batch-norm that alone reads node `index`, if one does.
  func soleBatchNormalization(after index: Int) -> BatchNormalization? {
    guard consumers[index].count == 1,
      case .batchNormalization(let norm) = nodes[consumers[index][0]].op
    else { return nil }
    return norm
  }
}
