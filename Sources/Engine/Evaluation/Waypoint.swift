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

/// What of a program's activations has to be held between two steps, and how many images there is memory for.
struct Itinerary {
  /// For each buffer from the step that first writes it, -1 for the input, up to the one that last reads it.
  private let lifetimes: [Range<Int>]
  /// Bytes of an image in each buffer.
  private let sizes: [Int]
  private let steps: Int

  /// The way through a program.
  init(_ program: Program) {
    lifetimes = program.lifetimes
    sizes = program.buffers.map { $0.layout.interior * MemoryLayout<Float>.stride }
    steps = program.steps.count
  }

  /// The buffers that a step or one behind it reads, or that hold the output.
  func live(before step: Int) -> [Int] {
    lifetimes.indices.filter { lifetimes[$0].lowerBound < step && step <= lifetimes[$0].upperBound }
  }

  /// Bytes of an image in some buffers.
  func bytes(_ buffers: [Int]) -> Int { buffers.reduce(0) { $0 + sizes[$1] } }

  /// How often the network is computed if images stop at some steps, and go back to the last place where there was
  /// memory for them.
  private func passes(stoppingAt stops: [Int], room: Int) -> Double {
    var (from, work) = (0, 0)
    for stop in stops {
      work += stop + 1 - from
      if bytes(live(before: stop + 1)) <= room { from = stop + 1 }
    }
    return Double(work + steps - from) / Double(max(steps, 1))
  }

  /// Of `wanted` images as many as can stop at some steps with what is held in `capacity` bytes, without the network
  /// being computed more than `mostPasses` times.
  ///
  /// - Parameter copies: networks that the images go through side by side.
  func images(_ wanted: Int, stoppingAt stops: [Int], capacity: Int, copies: Int = 1) -> Int {
    var (fewest, most) = (1, max(wanted, 1))
    while fewest < most {
      let images = (fewest + most + 1) / 2
      if passes(stoppingAt: stops, room: capacity / copies / images) <= Self.mostPasses {
        fewest = images
      } else {
        most = images - 1
      }
    }
    return fewest
  }

  private static let mostPasses = 4.0
}

extension Program {
  /// Of `wanted` images as many as can be held between one layer and the next in so many bytes, without the network being
  /// computed more than four times.
  public func images(_ wanted: Int, holding capacity: Int) -> Int {
    Itinerary(self).images(wanted, stoppingAt: layerSteps, capacity: capacity)
  }

  /// The steps that compute convolutions and linear layers.
  var layerSteps: [Int] { steps.indices.filter { steps[$0].layer != nil } }

  /// For each buffer from the step that first writes it, -1 for the input, up to the one that last reads it, the number
  /// of steps for the output; empty for constants and what is never read.
  var lifetimes: [Range<Int>] {
    var read = [Int](repeating: -1, count: buffers.count)
    var written = [Int](repeating: steps.count, count: buffers.count)
    written[inputBuffer] = -1
    for (index, step) in steps.enumerated() {
      for source in step.sources { read[source] = index }
      written[step.destination] = min(written[step.destination], index)
    }
    read[outputBuffer] = steps.count
    for (buffer, _) in constantBuffers { written[buffer] = steps.count }
    return zip(written, read).map { $0..<max($0, $1) }
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
