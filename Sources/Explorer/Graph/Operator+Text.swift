internal import ModelGraph

extension Operator {
  /// The character of its row: filled with weights, a plus for a sum, hollow without arithmetic.
  var glyph: Character {
    switch self {
    case .convolution, .linear: "●"
    case .arithmetic(.add): "⊕"
    case .arithmetic(.multiply): "⊗"
    case .attention, .matMul: "◉"
    default: "○"
    }
  }

  /// Its name in a row.
  var label: String {
    switch self {
    case .input: "input"
    case .convolution(let conv): "\(conv.kernel) conv"
    case .attention(let attention): "\(attention.heads) heads"
    case .batchNormalization: "batch norm"
    case .layerNormalization: "layer norm"
    case .groupNormalization: "group norm"
    case .maxPool(let pool): "\(pool.kernel) max"
    case .averagePool(let pool): "\(pool.kernel) mean"
    case .globalAveragePool: "mean"
    case .flatten: "flatten"
    case .linear: "linear"
    case .arithmetic(.add): "add"
    case .arithmetic(.multiply): "multiply"
    case .resize(let resize): "resize \(resize.size)"
    case .channelShuffle: "shuffle"
    default: name.lowercased()
    }
  }
}
