internal import CKernels
public import Formats
public import ModelGraph

/// Runs models on calibration images and makes a pruned model's statistics equal the dense one's.
///
/// Masked weights shift the mean and shrink the deviation of everything behind them. Layer by layer,
/// from the input on, each channel of a convolution's or linear layer's output is scaled and shifted
/// so that its mean and deviation over the calibration images are again those of the dense model. No
/// labels are used, and the dense model stays as it is.
public struct Calibration: Sendable {
  /// The images.
  public let dataset: Dataset
  /// The memory of which passes over them take a share.
  public let memory: MemoryBudget

  /// Calibration on `images` images of a data set, spread evenly over it.
  public init(_ dataset: Dataset, images: Int = 128, memory: MemoryBudget = .standard) {
    self.dataset = dataset.spread(images)
    self.memory = memory
  }

  /// The outcome of a pass over the images.
  public struct Pass: Sendable {
    /// For each convolution and linear layer, by node, its output before addition and activation.
    public internal(set) var moments: [Int: Moments] = [:]
    /// For each of them the scale and shift that were applied.
    public internal(set) var corrections: [Int: Correction] = [:]
    /// The network's outputs, `outputCount` values an image.
    public internal(set) var outputs: [Float] = []
  }

  /// The mean and deviation of each channel over images and pixels.
  public struct Moments: Sendable, Hashable {
    /// One a channel.
    public var mean: [Double]
    /// One a channel; none where a target leaves the deviations as they are.
    public var deviation: [Double]

    /// The moments of some of the channels.
    public func keeping(_ channels: [Int]?) -> Moments {
      guard let channels else { return self }
      return Moments(
        mean: channels.map { mean[$0] }, deviation: channels.map { deviation[$0] })
    }

    /// The target that is only about the means.
    public var ofAnyDeviation: Moments { Moments(mean: mean, deviation: []) }
  }

  /// The factor and the shift of each channel's output.
  public struct Correction: Sendable, Hashable, Codable {
    /// One a channel.
    public var scale: [Float]
    /// One a channel.
    public var shift: [Float]

    /// A correction of each channel.
    public init(scale: [Float], shift: [Float]) {
      self.scale = scale
      self.shift = shift
    }
  }

  /// No channel is scaled by more: a channel that hardly varies any more holds nothing to restore.
  static let largestScale = 8.0

  /// Takes all images through the network, in one piece and on one thread: what `OutputMatching` does quickly.
  ///
  /// - Parameter targets: the moments that each node's output is brought to; nodes that are not in
  ///   it stay as they are.
  /// - Throws: `EngineError` if the model cannot be compiled.
  public func pass(
    _ model: Model, matching targets: [Int: Moments] = [:]
  ) throws(EngineError) -> Pass {
    let program = try Program(model, imagesPerPass: dataset.count)
    let workspace = Workspace(program)
    var pass = Pass()
    pass.outputs = [Float](repeating: 0, count: dataset.count * program.outputCount)
    dataset.withInputs(0..<dataset.count) { inputs in
      pass.outputs.withUnsafeMutableBufferPointer { outputs in
        workspace.run(inputs, outputs: outputs) { step, count in
          guard case .convolve(let step) = step else { return false }
          workspace.run(.convolve(step.bare), count)
          let seen = workspace.moments(ofBuffer: step.destination, count)
          var correction = Correction(unchanging: seen.mean.count)
          if let target = targets[step.node] {
            correction = Correction(from: seen, to: target)
            pass.corrections[step.node] = correction
          }
          pass.moments[step.node] = seen
          workspace.finish(step, count, correction)
          return true
        }
      }
    }
    return pass
  }
}

extension Calibration.Correction {
  /// Leaves so many channels as they are.
  public init(unchanging channels: Int) {
    self.init(
      scale: [Float](repeating: 1, count: channels), shift: [Float](repeating: 0, count: channels))
  }

  /// Brings channels with the moments `seen` to those of `target`.
  init(from seen: Calibration.Moments, to target: Calibration.Moments) {
    self.init(scale: [], shift: [])
    for channel in seen.mean.indices {
      let ratio =
        seen.deviation[channel] > 1e-6 && !target.deviation.isEmpty
        ? target.deviation[channel] / seen.deviation[channel] : 1
      let scale = min(ratio, Calibration.largestScale)
      self.scale.append(Float(scale))
      shift.append(Float(target.mean[channel] - scale * seen.mean[channel]))
    }
  }
}

extension Calibration.Moments {
  /// Of so many values a channel, from their sums and the sums of their squares.
  init(sums: ArraySlice<Double>, squares: ArraySlice<Double>, count: Int) {
    mean = sums.map { $0 / Double(count) }
    deviation = zip(squares, mean).map { max(0, $0 / Double(count) - $1 * $1).squareRoot() }
  }
}

extension Workspace {
  /// The mean and deviation of each channel of a buffer over the pixels of `count` images.
  fileprivate func moments(ofBuffer buffer: Int, _ count: Int) -> Calibration.Moments {
    let layout = program.buffers[buffer].layout
    var sums = [Double](repeating: 0, count: layout.blocks * 8)
    var squares = sums
    for image in 0..<count {
      for block in 0..<layout.blocks {
        for y in 0..<layout.height {
          let row = plane(buffer, image, block) + y * layout.row
          for place in 0..<layout.width * 8 {
            let value = Double(row[place])
            sums[block * 8 + place % 8] += value
            squares[block * 8 + place % 8] += value * value
          }
        }
      }
    }
    return Calibration.Moments(
      sums: sums.prefix(layout.channels), squares: squares[...],
      count: count * layout.height * layout.width)
  }

  /// Corrects what a bare convolution left, then adds and activates as the step would have.
  func finish(
    _ step: ConvolveStep, _ count: Int, _ correction: Calibration.Correction
  ) {
    let blocks = program.buffers[step.destination].layout.blocks
    let filling = [Float](repeating: 0, count: blocks * 8 - correction.scale.count)
    let constants = correction.scale + filling + correction.shift + filling
    let affine = AffineStep(
      source: step.destination, destination: step.destination, residual: step.residual, scale: 0,
      shift: blocks * 8, low: step.low, high: step.high)
    constants.withUnsafeBufferPointer { constants in
      guard let constants = constants.baseAddress else { return }
      run(affine, count, constants)
    }
  }
}
