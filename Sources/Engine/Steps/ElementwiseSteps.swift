internal import CKernels

/// `clamp(source * scale + shift + residual)`, one scale and shift a channel: a batch-norm, an addition
/// or an activation that could not be fused into a convolution.
struct AffineStep: Hashable, Sendable {
  let source: Int
  let destination: Int
  let residual: Int?
  /// One a channel, filled up to whole blocks, in `constants`.
  let scale: Int
  let shift: Int
  let low: Float
  let high: Float
}

/// A function of each value alone.
struct ActivateStep: Hashable, Sendable {
  let source: Int
  let destination: Int
  let kind: sculpt_activation
  var alpha: Float = 0
  var beta: Float = 0
}

/// Arithmetic on two activations.
struct CombineStep: Hashable, Sendable {
  let source: Int
  /// As large as the source, or one pixel that all pixels are combined with.
  let other: Int
  let destination: Int
  let kind: sculpt_arithmetic_kind
}

extension Workspace {
  /// Calls `body` with the first pixel of each image and block of 8 channels of each buffer, and the
  /// number of channels that exist in the block.
  private func eachPlane(
    _ count: Int, _ buffers: [Int],
    _ body: (_ planes: [UnsafeMutablePointer<Float>], _ block: Int, _ lanes: Int32) -> Void
  ) {
    let layout = program.buffers[buffers[0]].layout
    for image in 0..<count {
      for block in 0..<layout.blocks {
        body(
          buffers.map { plane($0, image, block) }, block,
          Int32(min(8, layout.channels - block * 8)))
      }
    }
  }

  func run(_ step: AffineStep, _ count: Int, _ constants: UnsafePointer<Float>) {
    let input = program.buffers[step.source].layout
    let output = program.buffers[step.destination].layout
    let buffers = [step.source, step.destination] + (step.residual.map { [$0] } ?? [])
    eachPlane(count, buffers) { planes, block, _ in
      sculpt_affine(
        planes[0], input.row, step.residual == nil ? nil : planes[2],
        step.residual.map { program.buffers[$0].layout.row } ?? 0, planes[1], output.row,
        Int32(output.height), Int32(output.width), constants + step.scale + block * 8,
        constants + step.shift + block * 8, step.low, step.high)
    }
  }

  func run(_ step: ActivateStep, _ count: Int) {
    let input = program.buffers[step.source].layout
    let output = program.buffers[step.destination].layout
    eachPlane(count, [step.source, step.destination]) { planes, _, lanes in
      sculpt_activate(
        step.kind, step.alpha, step.beta, planes[0], input.row, planes[1], output.row,
        Int32(output.height), Int32(output.width), lanes)
    }
  }

  func run(_ step: CombineStep, _ count: Int) {
    let input = program.buffers[step.source].layout
    let other = program.buffers[step.other].layout
    let output = program.buffers[step.destination].layout
    let isOnePixel = other.height * other.width == 1
    eachPlane(count, [step.source, step.destination, step.other]) { planes, _, lanes in
      sculpt_arithmetic(
        step.kind, planes[0], input.row, planes[2], isOnePixel ? 0 : other.row,
        isOnePixel ? 0 : 8, planes[1], output.row, Int32(output.height), Int32(output.width),
        lanes)
    }
  }
}
