internal import CKernels
import Formats
import ModelGraph
internal import Synchronization

/// Some images on their way through a dense and a pruned network.
final class Lane: Sendable {
  private let images: Range<Int>
  private let places = Mutex((dense: Waypoint(), pruned: Waypoint()))

  init(images: Range<Int>) { self.images = images }

  /// Takes the dense network through a layer and the pruned one up to it.
  ///
  /// - Parameter held: what is to be held of both, from where the next layer is gone to; nil if from where this one was.
  /// - Returns: for each pixel drawn, the features that the pruned layer reads, then what each of its filters ought to
  ///   yield.
  func observe(
    _ layer: Layer, _ dense: borrowing Workspace, _ pruned: borrowing Workspace,
    holding held: (dense: [Int], pruned: [Int])?, from dataset: Dataset
  ) -> [Float] {
    guard let own = dense.program.steps[layer.index].layer,
      let step = pruned.program.steps[layer.index].layer
    else { return [] }
    let count = images.count
    return places.withLock { places in
      places.dense.resume(in: dense, images, of: dataset)
      places.pruned.resume(in: pruned, images, of: dataset)
      dense.compute(places.dense.step..<layer.index, count: count)
      pruned.compute(places.pruned.step..<layer.index, count: count)
      var sum = own
      (sum.low, sum.high) = (-.infinity, .infinity)
      dense.run(.convolve(sum), count)
      let panel = panel(layer, own, dense, step, pruned)
      if let held {
        dense.clamp(own, count)
        places.dense.hold(held.dense, of: dense, before: layer.index + 1, count: count)
        places.pruned.hold(held.pruned, of: pruned, before: layer.index, count: count)
      }
      return panel
    }
  }

  private func panel(
    _ layer: Layer, _ own: ConvolveStep, _ dense: borrowing Workspace, _ step: ConvolveStep,
    _ pruned: borrowing Workspace
  ) -> [Float] {
    let (inputs, targets) = (layer.input.offsets.count, layer.filters.count)
    let stride = inputs + targets
    var panel = [Float](repeating: 0, count: images.count * layer.sample.count * stride)
    for image in 0..<images.count {
      let pixels = layer.sample.drawn(fromImage: images.lowerBound + image)
      panel.withUnsafeMutableBufferPointer { panel in
        guard let base = panel.baseAddress else { return }
        let rows = base + image * layer.sample.count * stride
        pruned.gather(layer.input, step, image: image, pixels: pixels, into: rows, stride: stride)
        for (row, pixel) in pixels.enumerated() {
          let target = rows + row * stride + inputs
          let place = image * step.pixels + pixel
          dense.add(
            1, own.destination, own.destinationPixels + place, channels: layer.filters, to: target)
          if let residual = step.residual {
            pruned.add(
              -1, residual, step.residualPixels + place, channels: Array(0..<targets), to: target)
          }
        }
      }
    }
    return panel
  }
}

extension Workspace {
  /// Adds some channels of one pixel, `factor` times, to `target`; the pixel is one of the tables.
  fileprivate func add(
    _ factor: Float, _ buffer: Int, _ pixel: Int, channels: [Int],
    to target: UnsafeMutablePointer<Float>
  ) {
    let plane = program.buffers[buffer].layout.plane
    let start = base(buffer) + Int(program.tables[pixel])
    for (place, channel) in channels.enumerated() {
      target[place] += factor * start[channel / 8 * plane + channel % 8]
    }
  }

  /// The operations of a step on the sum that it has formed.
  fileprivate func clamp(_ step: ConvolveStep, _ count: Int) {
    guard step.low > -.infinity || step.high < .infinity else { return }
    run(
      .activate(
        ActivateStep(
          source: step.destination, destination: step.destination, kind: sculpt_clip,
          alpha: step.low, beta: step.high)), count)
  }
}
