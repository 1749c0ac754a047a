public import ModelGraph

extension Variable {
  /// Multi-head attention (arXiv 1706.03762) of these queries [N, T, D] over keys [N, S, D] and values
  /// [N, S, E] to [N, T, E]; head h has columns h D / heads ..< (h + 1) D / heads.
  public func attending(
    to keys: Variable, _ values: Variable, _ attention: Attention
  ) -> Variable {
    let inputs = AttentionInputs(queries: value, keys: keys.value, values: values.value)
    let threads = tape.threads
    let (output, probabilities) = Scalar.Network.attention(inputs, attention, threads: threads)
    return tape.record(output, from: self, keys, values) { g, gradients in
      let gradient = Scalar.Network.attentionGradient(
        g, inputs, probabilities: probabilities, attention, threads: threads)
      gradients.add(to: 0, gradient.queries)
      gradients.add(to: 1, gradient.keys)
      gradients.add(to: 2, gradient.values)
    }
  }

  /// A function of every element.
  public func activated(by function: Activation) -> Variable {
    let (x, threads) = (value, tape.threads)
    let y = Scalar.Network.activation(function, x, threads: threads)
    return tape.record(y, from: self) { g, inputs in
      inputs.add(
        to: 0, Scalar.Network.activationGradient(function, g, x, threads: threads))
    }
  }
}
