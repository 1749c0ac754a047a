internal import Tensors

/// Estimates the discounted reward still to come from the pooled graph: [graphs, 2 width] -> [graphs], in the
/// units of a `ReturnScale`.
struct ValueHead {
  private let hidden: Linear
  private let value: Linear

  init(
    _ settings: NetworkSettings, in parameters: inout Parameters,
    using generator: inout SeededGenerator
  ) {
    hidden = Linear(
      "value.hidden", inputs: 2 * settings.width, outputs: settings.width, in: &parameters,
      using: &generator)
    value = Linear(
      "value.value", inputs: settings.width, outputs: 1, gain: 0, in: &parameters,
      using: &generator)
  }

  /// Adapts the last layer to a new scale so that what it means in units of reward stays as it was
  /// (PopArt, arXiv 1602.07714, eq. 9).
  func rescale(
    from old: ReturnScale, to new: ReturnScale, in parameters: inout Parameters
  ) {
    value.transformOutputs(
      scale: old.deviation / new.deviation, shift: (old.mean - new.mean) / new.deviation,
      in: &parameters)
  }

  func callAsFunction(
    _ pooled: Variable<Float>, _ parameters: BoundParameters
  ) -> Variable<Float> {
    let values = value(hidden(pooled, parameters).elu(), parameters)
    return values.reshaped(to: [values.shape[0]])
  }
}
