import ModelGraph

/// One pass over memory. Buffers are indices into the program's buffers; `constants` and `tables`
/// are offsets into the program's arrays of that name.
enum Step: Sendable {
  case convolve(ConvolveStep)
  case pool(PoolStep)
  case affine(AffineStep)

  /// The graph nodes that this step computes, first to last.
  var nodes: [Int] {
    switch self {
    case .convolve(let step): step.nodes
    case .pool(let step): step.nodes
    case .affine(let step): step.nodes
    }
  }
}

/// A convolution or linear layer with what follows it: batch-norm (folded), addition, activation.
struct ConvolveStep: Sendable {
  /// One call of the kernel: one or two blocks of filters over a chunk of tiles.
  struct Call: Sendable {
    let blocks: [Int]
    let entries: Int
    /// Input offsets of the entries, in `tables`.
    let offsets: Int
    /// In `constants`.
    let weights: Int
    let bias: Int
    /// Whether this chunk adds to what the one before it wrote.
    let continues: Bool
    let isLast: Bool
  }

  let nodes: [Int]
  let source: Int
  let destination: Int
  let residual: Int?
  let calls: [Call]
  let lanes: Int
  /// Output pixels of one image, and where their inputs, outputs and addends stand, in `tables`,
  /// for all images of a pass.
  let pixels: Int
  let sourcePixels: Int
  let destinationPixels: Int
  let residualPixels: Int
  let low: Float
  let high: Float
}

extension ConvolveStep {
  /// The same without addition and activation.
  var bare: ConvolveStep {
    ConvolveStep(
      nodes: nodes, source: source, destination: destination, residual: nil, calls: calls,
      lanes: lanes, pixels: pixels, sourcePixels: sourcePixels,
      destinationPixels: destinationPixels, residualPixels: 0, low: -.infinity, high: .infinity)
  }
}

/// Max or average pooling.
struct PoolStep: Sendable {
  let nodes: [Int]
  let source: Int
  let destination: Int
  let pooling: Pooling
  let isAverage: Bool
}

/// `clamp(source * scale + shift + residual)`: what could not be fused into a convolution.
struct AffineStep: Sendable {
  let nodes: [Int]
  let source: Int
  let destination: Int
  let residual: Int?
  /// One a channel, filled up to whole blocks, in `constants`.
  let scale: Int
  let shift: Int
  let low: Float
  let high: Float
}
