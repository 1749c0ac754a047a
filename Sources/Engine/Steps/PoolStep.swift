internal import CKernels
import ModelGraph

/// Max or average pooling.
struct PoolStep: Hashable, Sendable {
  let source: Int
  let destination: Int
  let pooling: Pooling
  let isAverage: Bool
}

extension Workspace {
  func run(_ step: PoolStep, _ count: Int) {
    let input = program.buffers[step.source].layout
    let output = program.buffers[step.destination].layout
    let pooling = step.pooling
    var description = sculpt_pooling(
      kernel: (Int32(pooling.kernel.height), Int32(pooling.kernel.width)),
      strides: (Int32(pooling.strides.height), Int32(pooling.strides.width)),
      pads: (Int32(pooling.pads.top), Int32(pooling.pads.left)),
      dilations: (Int32(pooling.dilations.height), Int32(pooling.dilations.width)),
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
          &description, plane(step.source, image, block), plane(step.destination, image, block))
      }
    }
  }
}
