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
