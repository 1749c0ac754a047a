internal import Tensors

/// Node features to node embeddings: [nodes, node features] -> [nodes, width].
struct GraphEncoder {
  private let input: Linear
  private let layers: [GATv2Layer]
  private let norm: LayerNorm

  init(
    _ settings: NetworkSettings, in parameters: inout Parameters,
    using generator: inout SeededGenerator
  ) {
    input = Linear(
      "encoder.input", inputs: settings.nodeFeatureCount, outputs: settings.width, gain: 1.4,
      in: &parameters, using: &generator)
    layers = (0..<settings.layerCount).map { layer in
      GATv2Layer(
        "encoder.\(layer)", width: settings.width, headCount: settings.headCount,
        kindCount: GraphBatch.edgeKindCount, in: &parameters, using: &generator)
    }
    norm = LayerNorm("encoder.norm", width: settings.width, in: &parameters)
  }

  func callAsFunction(_ batch: GraphBatch, _ parameters: BoundParameters) -> Variable<Float> {
    let tape = parameters.tape
    var nodes = input(tape.constant(batch.nodeFeatures), parameters).elu()
    for layer in layers { nodes = layer(nodes, batch, parameters) }
    return norm(nodes, parameters)
  }
}
