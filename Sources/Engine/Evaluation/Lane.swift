internal import CKernels
import Formats
import ModelGraph
internal import Synchronization

/// Some images on their way through a dense and a pruned network.
final class Lane: Sendable {
  let pair: Mutex<Pair>

  /// Loads `images` into both networks.
  init(_ dense: Program, _ pruned: Program, images: Range<Int>, _ dataset: Dataset) {
    pair = Mutex(Pair(dense, pruned, images: images, dataset))
  }

  /// The two workspaces and how far they are.
  struct Pair: ~Copyable {
    private var dense: Workspace
    private var pruned: Workspace
    private let images: Range<Int>
    private var denseNext = 0
    private var prunedNext = 0

    fileprivate init(_ dense: Program, _ pruned: Program, images: Range<Int>, _ dataset: Dataset) {
      self.dense = Workspace(dense)
      self.pruned = Workspace(pruned)
      self.images = images
      dataset.withInputs(images) {
        _ = self.dense.load($0)
        _ = self.pruned.load($0)
      }
    }

    /// Goes on with other weights for the pruned network's steps that are still to come.
    mutating func adopt(_ program: Program) { pruned.adopt(program) }

    /// Takes the dense network through a layer and the pruned one up to it; for each pixel drawn, the
    /// features that the pruned layer reads, then what each of its filters ought to yield.
    mutating func observe(_ layer: Layer) -> [Float] {
      guard case .convolve(let own) = dense.program.steps[layer.index],
        case .convolve(let step) = pruned.program.steps[layer.index]
      else { return [] }
      let count = images.count
      dense.compute(denseNext..<layer.index, count: count)
      pruned.compute(prunedNext..<layer.index, count: count)
      (denseNext, prunedNext) = (layer.index + 1, layer.index)
      var sum = own
      (sum.low, sum.high) = (-.infinity, .infinity)
      dense.run(.convolve(sum), count)

      let (inputs, targets) = (layer.input.offsets.count, layer.filters.count)
      let stride = inputs + targets
      var panel = [Float](repeating: 0, count: count * layer.sample.count * stride)
      for image in 0..<count {
        let pixels = layer.sample.drawn(fromImage: images.lowerBound + image)
        panel.withUnsafeMutableBufferPointer { panel in
          guard let base = panel.baseAddress else { return }
          let rows = base + image * layer.sample.count * stride
          pruned.gather(
            layer.input, step, image: image, pixels: pixels, into: rows, stride: stride)
          for (row, pixel) in pixels.enumerated() {
            let target = rows + row * stride + inputs
            let place = image * step.pixels + pixel
            dense.add(
              1, own.destination, own.destinationPixels + place, channels: layer.filters, to: target
            )
            if let residual = step.residual {
              pruned.add(
                -1, residual, step.residualPixels + place, channels: Array(0..<targets), to: target)
            }
          }
        }
      }
      dense.clamp(own, count)
      return panel
    }
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
