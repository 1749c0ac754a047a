internal import CKernels
import ModelGraph

/// One thread's memory for a program, and the loop that runs it.
struct Workspace: ~Copyable {
  private let program: Program
  private let arena: UnsafeMutablePointer<Float>
  private let convolve:
    @convention(c) (
      UnsafePointer<sculpt_tiles>?, UnsafePointer<Float>?, UnsafePointer<Int32>?,
      UnsafePointer<sculpt_destination>?, UnsafePointer<sculpt_residual>?, Float, Float, Int32
    ) -> Void
  /// Pixel scale and shift for each channel of each input block.
  private let scales: [[Float]]
  private let shifts: [[Float]]

  /// Allocates the arena, zeroed once: see `MemoryPlan`.
  init(_ program: Program) {
    self.program = program
    // Never empty, aligned to cache lines.
    let count = max(program.arenaSize, 16)
    arena = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: count)
    arena.initialize(repeating: 0, count: count)
    convolve =
      sculpt_convolve(program.instructionSet.cValue) ?? sculpt_convolve(sculpt_baseline)
      ?? sculpt_convolve_reference
    let channels = program.inputShape.channels
    let input = program.input
    func perChannel(_ values: [Float], _ channel: Int) -> Float {
      values[values.count == 1 ? 0 : channel]
    }
    func blocks(_ value: (Int) -> Float) -> [[Float]] {
      stride(from: 0, to: channels, by: 8).map { ($0..<min($0 + 8, channels)).map(value) }
    }
    scales = blocks { input.scale / perChannel(input.deviation, $0) }
    shifts = blocks { -perChannel(input.mean, $0) / perChannel(input.deviation, $0) }
  }

  deinit { UnsafeMutableRawPointer(arena).deallocate() }

  /// Takes images through the network.
  ///
  /// - Parameters:
  ///   - images: up to `imagesPerPass` images `[C, H, W]`, one after the other.
  ///   - outputs: receives `outputCount` values an image.
  ///   - replacement: called before each step with the number of images; a step that it answers
  ///     with true is taken to be done.
  func run(
    images: UnsafeBufferPointer<UInt8>, outputs: UnsafeMutableBufferPointer<Float>,
    replacing replacement: (Step, Int) -> Bool = { _, _ in false }
  ) {
    let size = program.inputShape.count
    let count = images.count / size
    precondition(count * size == images.count && count <= program.imagesPerPass)
    precondition(outputs.count == count * program.outputCount)
    pack(images, count: count)
    for step in program.steps where !replacement(step, count) { run(step, count) }
    unpack(outputs, count: count)
  }

  /// Runs every step for `count` images that are already in the arena.
  func compute(count: Int) {
    for step in program.steps { run(step, count) }
  }

  private func run(_ step: Step, _ count: Int) {
    program.constants.withUnsafeBufferPointer { constants in
      program.tables.withUnsafeBufferPointer { tables in
        switch step {
        case .convolve(let step): run(step, count, constants, tables)
        case .pool(let step): run(step, count)
        case .affine(let step): run(step, count, constants)
        }
      }
    }
  }

  // MARK: Calibration

  /// Runs a convolution without its addition and activation.
  func runBare(_ step: ConvolveStep, _ count: Int) {
    run(.convolve(step.bare), count)
  }

  /// The mean and deviation of each channel of a buffer over the pixels of `count` images.
  func moments(ofBuffer buffer: Int, _ count: Int) -> Calibration.Moments {
    let layout = program.buffers[buffer].layout
    var sums = [Double](repeating: 0, count: layout.blocks * 8)
    var squares = sums
    for image in 0..<count {
      for block in 0..<layout.blocks {
        for y in 0..<layout.height {
          let row = base(buffer) + image * layout.image + block * layout.plane + layout.pixel(y, 0)
          for place in 0..<layout.width * 8 {
            let value = Double(row[place])
            sums[block * 8 + place % 8] += value
            squares[block * 8 + place % 8] += value * value
          }
        }
      }
    }
    let pixels = Double(count * layout.height * layout.width)
    let mean = sums.prefix(layout.channels).map { $0 / pixels }
    let deviation = zip(squares, mean).map { max(0, $0 / pixels - $1 * $1).squareRoot() }
    return Calibration.Moments(mean: mean, deviation: deviation)
  }

  /// Corrects what `runBare` left, then adds and activates as the step would have.
  func finish(_ step: ConvolveStep, _ count: Int, _ correction: Calibration.Correction) {
    let blocks = program.buffers[step.destination].layout.blocks
    let filling = [Float](repeating: 0, count: blocks * 8 - correction.scale.count)
    let constants = correction.scale + filling + correction.shift + filling
    let affine = AffineStep(
      nodes: step.nodes, source: step.destination, destination: step.destination,
      residual: step.residual, scale: 0, shift: blocks * 8, low: step.low, high: step.high)
    constants.withUnsafeBufferPointer { run(affine, count, $0) }
  }

  private func base(_ buffer: Int) -> UnsafeMutablePointer<Float> {
    arena + program.buffers[buffer].offset
  }

  private func pack(_ images: UnsafeBufferPointer<UInt8>, count: Int) {
    let shape = program.inputShape
    let layout = program.buffers[0].layout
    let pixels = shape.height * shape.width
    guard let bytes = images.baseAddress else { return }
    for image in 0..<count {
      for block in 0..<layout.blocks {
        sculpt_pack_bytes(
          bytes + image * shape.count + block * 8 * pixels, Int32(scales[block].count),
          Int32(shape.height), Int32(shape.width), scales[block], shifts[block],
          base(0) + image * layout.image + block * layout.plane + layout.origin, layout.row)
      }
    }
  }

  private func unpack(_ outputs: UnsafeMutableBufferPointer<Float>, count: Int) {
    let layout = program.buffers[program.outputBuffer].layout
    let source = base(program.outputBuffer)
    var next = 0
    for image in 0..<count {
      for channel in 0..<layout.channels {
        for y in 0..<layout.height {
          for x in 0..<layout.width {
            outputs[next] =
              source[
                image * layout.image + channel / 8 * layout.plane + layout.pixel(y, x)
                  + channel % 8]
            next += 1
          }
        }
      }
    }
  }

  private func run(
    _ step: ConvolveStep, _ count: Int, _ constants: UnsafeBufferPointer<Float>,
    _ tables: UnsafeBufferPointer<Int32>
  ) {
    guard let constants = constants.baseAddress, let tables = tables.baseAddress else { return }
    let plane = program.buffers[step.destination].layout.plane
    let residualPlane = step.residual.map { program.buffers[$0].layout.plane } ?? 0
    for call in step.calls {
      let first = call.blocks[0]
      let last = call.blocks[call.blocks.count - 1]
      var tiles = sculpt_tiles(
        width: Int32(8 * call.blocks.count), lanes: Int32(step.lanes),
        entries: Int32(call.entries), offsets: tables + call.offsets,
        weights: constants + call.weights, bias: constants + call.bias)
      var destination = sculpt_destination(
        data: base(step.destination), pixels: tables + step.destinationPixels,
        block: (first * plane, last * plane))
      var residual = sculpt_residual()
      if call.continues {
        residual = sculpt_residual(
          data: destination.data, pixels: destination.pixels, block: destination.block)
      } else if let buffer = step.residual {
        residual = sculpt_residual(
          data: base(buffer), pixels: tables + step.residualPixels,
          block: (first * residualPlane, last * residualPlane))
      }
      convolve(
        &tiles, base(step.source), tables + step.sourcePixels, &destination, &residual,
        call.isLast ? step.low : -.infinity, call.isLast ? step.high : .infinity,
        Int32(count * step.pixels))
    }
  }

  private func run(_ step: PoolStep, _ count: Int) {
    let input = program.buffers[step.source].layout
    let output = program.buffers[step.destination].layout
    let pooling = step.pooling
    var description = sculpt_pooling(
      kernel: (Int32(pooling.kernel.height), Int32(pooling.kernel.width)),
      strides: (Int32(pooling.strides.height), Int32(pooling.strides.width)),
      pads: (Int32(pooling.pads.top), Int32(pooling.pads.left)),
      input: (Int32(input.height), Int32(input.width)),
      output: (Int32(output.height), Int32(output.width)),
      input_row: input.row, output_row: output.row,
      padded: (
        Int32(input.height + pooling.pads.top + pooling.pads.bottom),
        Int32(input.width + pooling.pads.left + pooling.pads.right)
      ),
      is_average: step.isAverage ? 1 : 0, counts_pads: pooling.countsPads ? 1 : 0)
    for image in 0..<count {
      for block in 0..<output.blocks {
        sculpt_pool(
          &description,
          base(step.source) + image * input.image + block * input.plane + input.origin,
          base(step.destination) + image * output.image + block * output.plane + output.origin)
      }
    }
  }

  private func run(_ step: AffineStep, _ count: Int, _ constants: UnsafeBufferPointer<Float>) {
    guard let constants = constants.baseAddress else { return }
    let input = program.buffers[step.source].layout
    let output = program.buffers[step.destination].layout
    for image in 0..<count {
      for block in 0..<output.blocks {
        let residual = step.residual.map { buffer in
          let layout = program.buffers[buffer].layout
          return (
            base(buffer) + image * layout.image + block * layout.plane + layout.origin, layout.row
          )
        }
        sculpt_affine(
          base(step.source) + image * input.image + block * input.plane + input.origin, input.row,
          residual?.0, residual?.1 ?? 0,
          base(step.destination) + image * output.image + block * output.plane + output.origin,
          output.row, Int32(output.height), Int32(output.width),
          constants + step.scale + block * 8, constants + step.shift + block * 8,
          step.low, step.high)
      }
    }
  }
}
