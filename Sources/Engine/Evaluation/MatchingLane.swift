internal import CKernels
import Formats
import ModelGraph
internal import Synchronization

/// Some calibration images on their way through a network whose layers are corrected one after the other.
final class MatchingLane: Sendable {
  /// The images, of the data set.
  let images: Range<Int>
  private let memory: Mutex<Memory>

  /// A lane of memory for a program and those that come after it.
  init(_ program: Program, images: Range<Int>) {
    self.images = images
    memory = Mutex(Memory(workspace: Workspace(program)))
  }

  /// Bytes of the memory that it computes in.
  var bytes: Int { memory.withLock { $0.workspace.capacity * MemoryLayout<Float>.stride } }

  private struct Memory: ~Copyable {
    var workspace: Workspace
  }

  /// A layer that has been computed, and what is done to it before the next one is.
  struct Matched {
    let step: ConvolveStep
    let correction: Calibration.Correction
  }

  /// Brings the images to the first step of another program.
  func begin(_ program: Program, _ dataset: Dataset) {
    memory.withLock { memory in
      memory.workspace.begin(program)
      dataset.withInputs(images) { _ = memory.workspace.load($0) }
    }
  }

  /// Brings activations of the images to the cut that they were kept at.
  func begin(_ program: Program, _ activations: [Float], at cut: Program.Cut) {
    memory.withLock { memory in
      memory.workspace.begin(program)
      memory.workspace.restore(activations, toBuffer: cut.buffer, images.count)
    }
  }

  /// Finishes the layer before, then goes through the steps in `range`.
  ///
  /// - Parameters:
  ///   - cuts: within the range, whose activations are to be kept.
  ///   - layer: the step behind the range, computed before addition and activation.
  /// - Returns: of each channel of that layer the sum over the pixels of all images, then the sum of the squares;
  ///   empty without one.
  func advance(
    _ range: Range<Int>, finishing matched: Matched?, keeping cuts: ArraySlice<Program.Cut>,
    upTo layer: ConvolveStep?, _ keep: (Program.Cut, [Float]) -> Void
  ) -> [Double] {
    memory.withLock { memory in
      if let matched {
        memory.workspace.finish(matched.step, images.count, matched.correction)
      }
      var next = range.lowerBound
      for cut in cuts {
        memory.workspace.compute(next..<cut.step, count: images.count)
        next = cut.step
        keep(cut, memory.workspace.activations(inBuffer: cut.buffer, images.count))
      }
      memory.workspace.compute(next..<range.upperBound, count: images.count)
      guard let layer else { return [] }
      memory.workspace.run(.convolve(layer.bare), images.count)
      return memory.workspace.sums(ofBuffer: layer.destination, images.count)
    }
  }

  /// The network's outputs.
  func outputs() -> [Float] {
    memory.withLock { memory in
      let width = memory.workspace.program.outputCount
      var outputs = [Float](repeating: 0, count: images.count * width)
      outputs.withUnsafeMutableBufferPointer {
        memory.workspace.unload($0, count: images.count)
      }
      return outputs
    }
  }
}

extension Workspace {
  /// Of each channel of a buffer the sum over the pixels of `count` images, then the sum of the squares.
  func sums(ofBuffer buffer: Int, _ count: Int) -> [Double] {
    let layout = program.buffers[buffer].layout
    let channels = layout.blocks * 8
    var sums = [Double](repeating: 0, count: 2 * channels)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      for image in 0..<count {
        for block in 0..<layout.blocks {
          sculpt_plane_moments(
            plane(buffer, image, block), layout.row, Int32(layout.height), Int32(layout.width),
            sums + block * 8, sums + channels + block * 8)
        }
      }
    }
    return sums
  }
}
