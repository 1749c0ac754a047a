internal import CKernels

/// A convolution or linear layer with what follows it: batch-norm (folded), addition, activation.
struct ConvolveStep: Hashable, Sendable {
  /// One call of the kernel: some blocks of filters over a chunk of tiles.
  struct Call: Hashable, Sendable {
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

  /// The convolution or linear layer.
  let node: Int
  let source: Int
  let destination: Int
  let residual: Int?
  /// In the order of chunks, so that a chunk's input stays in cache while the filters pass by.
  let calls: [Call]
  /// Input channels of each block; 0 if the convolution is depthwise.
  let lanes: Int
  /// Output pixels of one image, and where their inputs, outputs and addends stand, in `tables`,
  /// for all images of a pass.
  let pixels: Int
  let sourcePixels: Int
  let destinationPixels: Int
  let residualPixels: Int
  /// Pixels that all calls are made for before the next pixels' turn.
  let pixelsPerBlock: Int
  var low: Float
  var high: Float
}

extension ConvolveStep {
  /// The same without addition and activation.
  var bare: ConvolveStep {
    ConvolveStep(
      node: node, source: source, destination: destination, residual: nil, calls: calls,
      lanes: lanes, pixels: pixels, sourcePixels: sourcePixels,
      destinationPixels: destinationPixels, residualPixels: 0, pixelsPerBlock: pixelsPerBlock,
      low: -.infinity, high: .infinity)
  }
}

extension ConvolveStep.Call {
  /// Where its blocks stand in a buffer whose planes are so far apart.
  fileprivate func places(_ plane: Int) -> (Int, Int, Int, Int) {
    func place(_ index: Int) -> Int { index < blocks.count ? blocks[index] * plane : 0 }
    return (place(0), place(1), place(2), place(3))
  }
}

extension Workspace {
  func run(_ step: ConvolveStep, _ count: Int, _ memory: ConstantMemory) {
    let total = count * step.pixels
    var first = 0
    while first < total {
      let pixels = min(step.pixelsPerBlock, total - first)
      for (index, call) in step.calls.enumerated() {
        if isCancelled { return }
        let next = index + 1 < step.calls.count ? step.calls[index + 1] : step.calls[0]
        run(step, call, next, first, pixels, memory)
      }
      first += pixels
    }
  }

  private func run(
    _ step: ConvolveStep, _ call: ConvolveStep.Call, _ next: ConvolveStep.Call, _ first: Int,
    _ pixels: Int, _ memory: ConstantMemory
  ) {
    let (constants, tables) = (memory.constants, memory.tables)
    let plane = program.buffers[step.destination].layout.plane
    let residualPlane = step.residual.map { program.buffers[$0].layout.plane } ?? 0
    var tiles = sculpt_tiles(
      width: Int32(8 * call.blocks.count), lanes: Int32(step.lanes),
      entries: Int32(call.entries), offsets: tables + call.offsets,
      weights: constants + call.weights, bias: constants + call.bias,
      ahead: constants + next.weights,
      ahead_end: constants + next.weights + next.entries * step.lanes * next.blocks.count * 8)
    var destination = sculpt_destination(
      data: base(step.destination), pixels: tables + step.destinationPixels + first,
      block: call.places(plane))
    var residual = sculpt_residual()
    if call.continues {
      residual = sculpt_residual(
        data: destination.data, pixels: destination.pixels, block: destination.block)
    } else if let buffer = step.residual {
      residual = sculpt_residual(
        data: base(buffer), pixels: tables + step.residualPixels + first,
        block: call.places(residualPlane))
    }
    convolve(
      &tiles, base(step.source), tables + step.sourcePixels + first, &destination, &residual,
      call.isLast ? step.low : -.infinity, call.isLast ? step.high : .infinity, Int32(pixels))
  }
}
