internal import Tensors

/// The agent's network: a GATv2 encoder under a policy head and a value head.
///
/// It is a description only; its weights are a `Parameters` value.
struct PolicyNetwork {
  private let encoder: GraphEncoder
  private let policy: PolicyHead
  let value: ValueHead

  init(
    _ settings: NetworkSettings, in parameters: inout Parameters,
    using generator: inout SeededGenerator
  ) {
    encoder = GraphEncoder(settings, in: &parameters, using: &generator)
    policy = PolicyHead(settings, in: &parameters, using: &generator)
    value = ValueHead(settings, in: &parameters, using: &generator)
  }

  /// The log-probability of each legal choice, [legal choices], and the value of each observation, [graphs].
  func callAsFunction(
    _ batch: GraphBatch, _ parameters: BoundParameters
  ) -> (logProbabilities: Variable<Float>, values: Variable<Float>) {
    let nodes = encoder(batch, parameters)
    let means = nodes.segmentMean(by: batch.graphOfNode)
    let maxima = nodes.segmentMax(by: batch.graphOfNode)
    return (
      policy(nodes: nodes, graphs: means, batch, parameters),
      value(.concatenated([means, maxima], axis: 1), parameters)
    )
  }
}
