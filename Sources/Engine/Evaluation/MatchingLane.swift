internal import CKernels
import Formats
import ModelGraph
internal import Synchronization

/// Some calibration images on their way through a network whose layers are corrected one after the other.
final class MatchingLane: Sendable {
  /// The images, of the data set.
  let images: Range<Int>
  private let way = Mutex(Way())

  private struct Way {
    /// Where the images begin.
    var origin = Waypoint()
    /// How far they came since, in memory that lasts from network to network.
    var held = Waypoint()
    var isHeld = false
  }

  /// What all lanes do next.
  struct Leg {
    /// The step to come to.
    let end: Int
    /// Of the layers before it, by node.
    let corrections: [Int: Calibration.Correction]
    /// Places on the way whose activations are to be kept, and who keeps them.
    let cuts: [Program.Cut]
    let keep: @Sendable (Program.Cut, [Float], _ images: Range<Int>) -> Void
  }

  init(images: Range<Int>) { self.images = images }

  /// Bytes of the memory that lasts.
  var bytes: Int { way.withLock { $0.held.bytes } }

  /// Begins at the first step, or with activations that were kept.
  func begin(at origin: Waypoint = Waypoint()) {
    way.withLock { ($0.origin, $0.isHeld) = (origin, false) }
  }

  /// Goes up to a layer, and through it but for correction, addition and activation.
  ///
  /// - Parameter buffers: to be held there, from where the next leg begins; nil if it is to begin where this one did.
  /// - Returns: of each channel the sum over the pixels of all images, then the sum of the squares.
  func sums(
    of layer: ConvolveStep, _ leg: Leg, holding buffers: [Int]?, from dataset: Dataset,
    in workspace: borrowing Workspace
  ) -> [Double] {
    way.withLock { way in
      go(leg, way, dataset, workspace)
      workspace.run(.convolve(layer.bare), images.count)
      if let buffers {
        way.held.hold(buffers, of: workspace, before: leg.end + 1, count: images.count)
        way.isHeld = true
      }
      return workspace.sums(ofBuffer: layer.destination, images.count)
    }
  }

  /// Goes up to the end of the network, and yields its outputs.
  func outputs(_ leg: Leg, from dataset: Dataset, in workspace: borrowing Workspace) -> [Float] {
    way.withLock { go(leg, $0, dataset, workspace) }
    let width = workspace.program.outputCount
    var outputs = [Float](repeating: 0, count: images.count * width)
    outputs.withUnsafeMutableBufferPointer { workspace.unload($0, count: images.count) }
    return outputs
  }

  private func go(_ leg: Leg, _ way: Way, _ dataset: Dataset, _ workspace: borrowing Workspace) {
    let place = way.isHeld ? way.held : way.origin
    place.resume(in: workspace, images, of: dataset)
    if way.isHeld { workspace.finish(place.step - 1, images.count, leg.corrections) }
    var next = place.step
    for cut in leg.cuts {
      workspace.compute(next..<cut.step, images.count, leg.corrections)
      next = cut.step
      leg.keep(cut, workspace.activations(inBuffer: cut.buffer, images.count), images)
    }
    workspace.compute(next..<leg.end, images.count, leg.corrections)
  }
}

extension Workspace {
  /// Runs steps, layers with their corrections.
  fileprivate func compute(
    _ range: Range<Int>, _ count: Int, _ corrections: [Int: Calibration.Correction]
  ) {
    for index in range {
      if let layer = program.steps[index].layer {
        run(.convolve(layer.bare), count)
        finish(index, count, corrections)
      } else {
        run(program.steps[index], count)
      }
    }
  }

  /// Finishes the layer that a step has formed the sum of.
  fileprivate func finish(
    _ index: Int, _ count: Int, _ corrections: [Int: Calibration.Correction]
  ) {
    guard let layer = program.steps[index].layer else { return }
    let channels = program.buffers[layer.destination].layout.channels
    finish(
      layer, count,
      corrections[layer.node] ?? Calibration.Correction(unchanging: channels))
  }

  /// Of each channel of a buffer the sum over the pixels of `count` images, then the sum of the squares.
  fileprivate func sums(ofBuffer buffer: Int, _ count: Int) -> [Double] {
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
