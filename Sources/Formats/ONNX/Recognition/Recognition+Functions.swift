internal import ModelGraph

extension Recognition {
  /// Functions of single values that are products in which their argument is a factor.
  mutating func recogniseFunction(_ name: String) {
    let (number, names) = factors(name)
    for (place, gate) in names.enumerated() {
      var rest = names
      rest.remove(at: place)
      guard rest.count <= 1 else { continue }
      if let found = function(gate, of: rest.first, times: number) {
        draft.replace(name, by: .activation(found.activation), [found.argument])
        return
      }
    }
  }

  /// `number` x gate(x), or `number` gate(x) without `argument`.
  private func function(
    _ gate: String, of argument: String?, times number: Float
  ) -> (activation: Activation, argument: String)? {
    guard let argument else {
      // clip(x + 3, 0, 6) / 6
      guard isClose(number, 1 / 6), let source = shiftedClip(gate) else { return nil }
      return (.hardSigmoid(alpha: 1 / 6, beta: 0.5), source)
    }
    if number == 1, inputs(gate, .activation(.sigmoid)) == [argument] { return (.silu, argument) }
    if number == 1, case .activation(.hardSigmoid(let alpha, let beta)) = draft[gate].op,
      isClose(alpha, 1 / 6), beta == 0.5, draft[gate].inputs == [argument]
    {
      return (.hardSwish, argument)
    }
    if isClose(number, 1 / 6), shiftedClip(gate) == argument { return (.hardSwish, argument) }
    guard number == 0.5, let (inner, one) = withNumber(gate, .add), one == 1 else { return nil }
    if let erf = inputs(inner, .activation(.erf))?.first {
      let (scale, names) = factors(erf)
      if isClose(scale, 0.70710678), names == [argument] {
        return (.gelu(isApproximate: false), argument)
      }
    }
    if let tanh = inputs(inner, .activation(.tanh))?.first, isGELUArgument(tanh, of: argument) {
      return (.gelu(isApproximate: true), argument)
    }
    return nil
  }

  /// x of clip(x + 3, 0, 6).
  private func shiftedClip(_ name: String) -> String? {
    guard case .activation(.clip(low: 0, high: 6)) = draft[name].op,
      let (operand, number) = withNumber(draft[name].inputs[0], .add), number == 3
    else { return nil }
    return operand
  }

  /// Whether this is sqrt(2 / pi) (x + 0.044715 x^3).
  private func isGELUArgument(_ name: String, of argument: String) -> Bool {
    let (scale, names) = factors(name)
    guard isClose(scale, 0.79788456), names.count == 1,
      let sum = inputs(names[0], .arithmetic(.add)), let place = sum.firstIndex(of: argument)
    else { return false }
    let (number, cube) = factors(sum[1 - place])
    guard isClose(number, 0.044715) else { return false }
    if cube == [argument, argument, argument] { return true }
    guard cube.count == 1, let (base, exponent) = withNumber(cube[0], .power) else { return false }
    return base == argument && exponent == 3
  }

  /// A constant added to a convolution or linear layer that has no bias yet.
  mutating func recogniseBias(_ name: String) {
    let inputs = draft[name].inputs
    guard let place = inputs.firstIndex(where: isConstant),
      case .constant(let constant) = draft[inputs[place]].op
    else { return }
    let layer = inputs[1 - place]
    if case .layerNormalization(var norm) = draft[layer].op {
      guard norm.bias == nil, readers[layer] == 1,
        constant.shape.dimensions == Array(draft[layer].shape.dimensions[norm.axis...])
      else { return }
      norm.bias = constant.parameter
      draft.replace(layer, by: .layerNormalization(norm), draft[layer].inputs)
      aliases[name] = layer
      return
    }
    guard readers[layer] == 1, let bias = vector(constant, for: layer) else { return }
    switch draft[layer].op {
    case .linear(var linear) where linear.bias == nil:
      linear.bias = bias
      draft.replace(layer, by: .linear(linear), draft[layer].inputs)
    case .convolution(var convolution) where convolution.bias == nil:
      convolution.bias = bias
      draft.replace(layer, by: .convolution(convolution), draft[layer].inputs)
    default: return
    }
    aliases[name] = layer
  }

  /// A constant as one value a channel of a layer, if it is that.
  private mutating func vector(_ constant: Constant, for layer: String) -> String? {
    let shape = draft[layer].shape
    let channels = shape.isFeatureMap ? shape.dimensions[0] : shape.dimensions.last ?? 1
    let extents = constant.shape.dimensions
    let isMap: Bool
    if case .convolution = draft[layer].op { isMap = true } else { isMap = false }
    guard isMap ? extents == [channels, 1, 1] : extents.last == shape.dimensions.last,
      constant.shape.count == (isMap ? channels : shape.dimensions.last ?? 1),
      let values = draft.parameters[constant.parameter]
    else { return nil }
    if extents.count == 1 { return constant.parameter }
    return draft.parameter(
      values.reshaped(to: [constant.shape.count]), identity: "\(constant.parameter) as a bias",
      name: constant.parameter)
  }
}
