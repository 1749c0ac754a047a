internal import CKernels

/// Copies elements to other places: whatever rearrangement is more than another name for a buffer.
struct MoveStep: Hashable, Sendable {
  let source: Int
  let destination: Int
  /// Pairs of offsets in the source and the destination of one image, in `tables`.
  let pairs: Int
  let count: Int
  /// Floats that move together: 1, or 8 where whole blocks of channels do.
  let width: Int
  /// The fill value of the destination, if not everything is written.
  let filling: Float?
}

/// Bilinear interpolation between pixels.
struct InterpolateStep: Hashable, Sendable {
  /// For each output row or column the two input ones and the share of the second.
  struct Places: Hashable, Sendable {
    let first: [Int]
    let second: [Int]
    let share: [Float]
  }

  let source: Int
  let destination: Int
  let rows: Places
  let columns: Places
}

extension Workspace {
  func run(_ step: MoveStep, _ count: Int, _ tables: UnsafePointer<Int32>) {
    let pairs = tables + step.pairs
    let output = program.buffers[step.destination]
    for image in 0..<count {
      let source = base(step.source) + image * program.buffers[step.source].imageStride
      let destination = base(step.destination) + image * output.imageStride
      if let filling = step.filling { fill(output.layout, at: destination, with: filling) }
      if step.width == 8 {
        for place in 0..<step.count {
          (destination + Int(pairs[2 * place + 1]))
            .update(from: source + Int(pairs[2 * place]), count: 8)
        }
      } else {
        for place in 0..<step.count {
          destination[Int(pairs[2 * place + 1])] = source[Int(pairs[2 * place])]
        }
      }
    }
  }

  /// Fills the pixels inside the halo; channels that do not exist become zero.
  private func fill(_ layout: Layout, at image: UnsafeMutablePointer<Float>, with value: Float) {
    for block in 0..<layout.blocks {
      let lanes = min(8, layout.channels - block * 8)
      for y in 0..<layout.height {
        let row = image + block * layout.plane + layout.pixel(y, 0)
        row.update(repeating: lanes == 8 ? value : 0, count: layout.width * 8)
        guard lanes < 8, value != 0 else { continue }
        for x in 0..<layout.width {
          (row + x * 8).update(repeating: value, count: lanes)
        }
      }
    }
  }

  func run(_ step: InterpolateStep, _ count: Int) {
    let input = program.buffers[step.source].layout
    let output = program.buffers[step.destination].layout
    for image in 0..<count {
      for block in 0..<output.blocks {
        let source = plane(step.source, image, block)
        let destination = plane(step.destination, image, block)
        for y in 0..<output.height {
          let upper = source + step.rows.first[y] * input.row
          let lower = source + step.rows.second[y] * input.row
          let down = step.rows.share[y]
          for x in 0..<output.width {
            let (left, right) = (step.columns.first[x] * 8, step.columns.second[x] * 8)
            let across = step.columns.share[x]
            for lane in 0..<8 {
              let top = upper[left + lane] * (1 - across) + upper[right + lane] * across
              let bottom = lower[left + lane] * (1 - across) + lower[right + lane] * across
              destination[y * output.row + x * 8 + lane] = top * (1 - down) + bottom * down
            }
          }
        }
      }
    }
  }
}
