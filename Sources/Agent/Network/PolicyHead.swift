internal import Tensors

/// Scores every legal choice of every unit, in one matrix, and turns the scores into one categorical
/// distribution a unit.
///
/// score = w . ELU(W_u unit + W_g graph + W_c choice + b) + prior. The first layer of an MLP on the
/// concatenation [unit, graph, choice] is a sum of three products, of which the unit's and the graph's are
/// computed once and not for each choice. w starts at zero: the initial policy is the prior.
struct PolicyHead {
  private let unit: Linear
  private let graph: Linear
  private let choice: Linear
  private let hidden: Linear
  private let score: Linear

  init(
    _ settings: NetworkSettings, in parameters: inout Parameters,
    using generator: inout SeededGenerator
  ) {
    let width = settings.width
    unit = Linear(
      "policy.unit", inputs: width, outputs: width, in: &parameters, using: &generator)
    graph = Linear(
      "policy.graph", inputs: width, outputs: width, hasBias: false, in: &parameters,
      using: &generator)
    choice = Linear(
      "policy.choice", inputs: settings.choiceFeatureCount, outputs: width, hasBias: false,
      in: &parameters, using: &generator)
    hidden = Linear(
      "policy.hidden", inputs: width, outputs: width, in: &parameters, using: &generator)
    score = Linear(
      "policy.score", inputs: width, outputs: 1, gain: 0, hasBias: false, in: &parameters,
      using: &generator)
  }

  /// The log-probability of every legal choice, [legal choices].
  func callAsFunction(
    nodes: Variable<Float>, graphs: Variable<Float>, _ batch: GraphBatch,
    _ parameters: BoundParameters
  ) -> Variable<Float> {
    let tape = parameters.tape
    let units = nodes.gathered(by: batch.unitNodes).segmentMean(by: batch.unitOfUnitNode)
    let contexts =
      unit(units, parameters) + graph(graphs, parameters).gathered(by: batch.graphOfUnit)
    let choices =
      contexts.gathered(by: batch.unitOfChoice)
      + choice(tape.constant(batch.choiceFeatures), parameters)
    let scores = score(hidden(choices.elu(), parameters).elu(), parameters)
    let logits = scores.reshaped(to: [batch.menuIndices.count]) + tape.constant(batch.priors)
    return logits.segmentLogSoftmax(by: batch.unitOfChoice)
  }
}
