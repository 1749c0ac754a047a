internal import Tensors

/// A graph attention layer that attends dynamically (Brody et al., arXiv 2105.14491, eq. 7), with typed edges,
/// layer normalisation before and a residual connection around it: [nodes, width] -> [nodes, width].
///
/// For a message from i to j, and each head with its slice of the width:
///
///     e_ij = a . LeakyReLU(W_s x_i + W_t x_j + r_kind)
///     alpha_ij = softmax of e_ij over all i with a message to j
///     y_j = x_j + W_o ELU(sum over i of alpha_ij W_s x_i)
///
/// r_kind, learned for each edge kind and direction, is W_e e_ij of a one-hot e_ij. The softmax includes the
/// self-loop, so that every node has a message.
struct GATv2Layer {
  private let norm: LayerNorm
  private let source: Linear
  private let target: Linear
  private let output: Linear
  private let kinds: Parameters.Key
  private let attention: Parameters.Key
  private let headCount: Int
  private let headWidth: Int

  /// The slope of LeakyReLU below zero, the paper's.
  static let slope: Float = 0.2

  init(
    _ name: String, width: Int, headCount: Int, kindCount: Int, in parameters: inout Parameters,
    using generator: inout SeededGenerator
  ) {
    self.headCount = headCount
    headWidth = width / headCount
    norm = LayerNorm("\(name).norm", width: width, in: &parameters)
    source = Linear(
      "\(name).source", inputs: width, outputs: width, in: &parameters, using: &generator)
    target = Linear(
      "\(name).target", inputs: width, outputs: width, hasBias: false, in: &parameters,
      using: &generator)
    output = Linear(
      "\(name).output", inputs: width, outputs: width, in: &parameters, using: &generator)
    kinds = parameters.add(
      "\(name).kinds", generator.normalTensor(shape: [kindCount, width], deviation: 0.5))
    attention = parameters.add(
      "\(name).attention",
      generator.normalTensor(
        shape: [headCount, headWidth], deviation: 1 / Float(headWidth).squareRoot()))
  }

  func callAsFunction(
    _ nodes: Variable<Float>, _ batch: GraphBatch, _ parameters: BoundParameters
  ) -> Variable<Float> {
    let heads = [batch.sources.ids.count, headCount, headWidth]
    let normalized = norm(nodes, parameters)
    let sent = source(normalized, parameters).gathered(by: batch.sources)
    let received = target(normalized, parameters).gathered(by: batch.targets)
    let kind = parameters[kinds].gathered(by: batch.kinds)
    let mixed = (sent + received + kind).leakyRelu(slope: Self.slope)
    let scores = (mixed.reshaped(to: heads) * parameters[attention]).sum(axes: [2])
    let weights = scores.segmentSoftmax(by: batch.targets)
    let weighted = sent.reshaped(to: heads) * weights.reshaped(to: [heads[0], headCount, 1])
    let messages = weighted.reshaped(to: [heads[0], headCount * headWidth])
      .segmentSum(by: batch.targets)
    return nodes + output(messages.elu(), parameters)
  }
}
