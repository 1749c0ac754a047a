internal import Formats

/// Where some images are on their way through a program: before a step, with what it and later ones read, halos left out.
/// So images take turns in a workspace, and come back with what is held of them instead of a memory plan's whole arena.
struct Waypoint {
  /// The first step that is still to be done.
  private(set) var step = 0
  /// What is held of which buffers, one after the other; before the first step nothing: the images are loaded.
  private var buffers: [Int] = []
  private var values: [Float] = []

  /// Before the first step.
  init() {}

  /// Where a cut's activations were kept.
  init(_ cut: Program.Cut, _ activations: [Float]) {
    (step, buffers, values) = (cut.step, [cut.buffer], activations)
  }

  /// Bytes of the memory that is taken for what is held.
  var bytes: Int { values.capacity * MemoryLayout<Float>.stride }

  /// Goes to another place, in the same memory.
  mutating func hold(
    _ buffers: [Int], of workspace: borrowing Workspace, before step: Int, count: Int
  ) {
    values.removeAll(keepingCapacity: true)
    for buffer in buffers { workspace.append(activationsInBuffer: buffer, count, to: &values) }
    (self.step, self.buffers) = (step, buffers)
  }

  /// Brings the images here in a workspace.
  func resume(in workspace: borrowing Workspace, _ images: Range<Int>, of dataset: Dataset) {
    if buffers.isEmpty {
      dataset.withInputs(images) { _ = workspace.load($0) }
    }
    var rest = values[...]
    for buffer in buffers {
      let count = workspace.program.buffers[buffer].layout.interior * images.count
      workspace.restore(rest.prefix(count), toBuffer: buffer, images.count)
      rest = rest.dropFirst(count)
    }
  }
}

extension Layout {
  /// Floats of one image without the halo.
  var interior: Int { blocks * height * width * 8 }
}

extension Workspace {
  /// The activations of `count` images in a buffer, halos left out.
  func activations(inBuffer buffer: Int, _ count: Int) -> [Float] {
    var result: [Float] = []
    append(activationsInBuffer: buffer, count, to: &result)
    return result
  }

  fileprivate func append(activationsInBuffer buffer: Int, _ count: Int, to result: inout [Float]) {
    let layout = program.buffers[buffer].layout
    result.reserveCapacity(result.count + layout.interior * count)
    eachRow(of: buffer, count) { row in
      result += UnsafeBufferPointer(start: row, count: layout.width * 8)
    }
  }

  /// Puts activations back where they came from.
  func restore(_ activations: ArraySlice<Float>, toBuffer buffer: Int, _ count: Int) {
    let width = program.buffers[buffer].layout.width * 8
    activations.withUnsafeBufferPointer { activations in
      guard var next = activations.baseAddress else { return }
      eachRow(of: buffer, count) { row in
        row.update(from: next, count: width)
        next += width
      }
    }
  }

  private func eachRow(
    of buffer: Int, _ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void
  ) {
    let layout = program.buffers[buffer].layout
    for image in 0..<count {
      for block in 0..<layout.blocks {
        for y in 0..<layout.height { body(plane(buffer, image, block) + y * layout.row) }
      }
    }
  }
}
