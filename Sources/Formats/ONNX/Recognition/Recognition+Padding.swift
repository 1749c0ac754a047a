internal import ModelGraph

extension Recognition {
  /// Zeros that were put around the input of a convolution become its own pads, as TensorFlow's "same"
  /// padding is exported.
  mutating func takeZeros(_ name: String, _ convolution: Convolution) {
    let input = draft[name].inputs[0]
    guard case .pad(let padding) = draft[input].op, padding.mode == .constant(0),
      readers[input] == 1, draft[input].shape.isFeatureMap,
      (padding.before + padding.after).allSatisfy({ $0 >= 0 }),
      padding.before[0] == 0, padding.after[0] == 0
    else { return }
    var convolution = convolution
    convolution.pads = Pads(
      top: convolution.pads.top + padding.before[1],
      left: convolution.pads.left + padding.before[2],
      bottom: convolution.pads.bottom + padding.after[1],
      right: convolution.pads.right + padding.after[2])
    draft.replace(name, by: .convolution(convolution), draft[input].inputs)
  }
}
