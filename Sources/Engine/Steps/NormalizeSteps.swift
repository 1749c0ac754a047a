internal import CKernels

/// A softmax or a layer normalisation over the channels of each pixel.
struct NormalizeStep: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case softmax
    /// Scale and shift, one a channel, filled up to whole blocks, in `constants`.
    case layer(scale: Int, shift: Int, epsilon: Float)
  }

  let source: Int
  let destination: Int
  let kind: Kind
}

/// A group normalisation: mean and variance over a group's channels and all pixels.
struct NormalizeGroupsStep: Hashable, Sendable {
  let source: Int
  let destination: Int
  let groups: Int
  let epsilon: Float
  /// One a channel, in `constants`.
  let scale: Int
  let shift: Int
}

/// The place of the largest channel of each pixel, the first of equal ones.
struct ArgMaxStep: Hashable, Sendable {
  let source: Int
  let destination: Int
}

extension Workspace {
  func run(_ step: NormalizeStep, _ count: Int, _ constants: UnsafePointer<Float>) {
    let input = program.buffers[step.source].layout
    let output = program.buffers[step.destination].layout
    for image in 0..<count {
      for y in 0..<input.height {
        let source = plane(step.source, image, 0) + y * input.row
        let destination = plane(step.destination, image, 0) + y * output.row
        switch step.kind {
        case .softmax:
          sculpt_softmax(
            source, input.plane, destination, output.plane, Int32(input.channels),
            Int32(input.width))
        case .layer(let scale, let shift, let epsilon):
          sculpt_layer_norm(
            source, input.plane, destination, output.plane, Int32(input.channels),
            constants + scale, constants + shift, epsilon, Int32(input.width))
        }
      }
    }
  }

  func run(_ step: NormalizeGroupsStep, _ count: Int, _ constants: UnsafePointer<Float>) {
    let input = program.buffers[step.source].layout
    let output = program.buffers[step.destination].layout
    let perGroup = input.channels / step.groups
    for image in 0..<count {
      for group in 0..<step.groups {
        let channels = group * perGroup..<(group + 1) * perGroup
        var (sum, squares) = (0.0, 0.0)
        for channel in channels {
          eachPixel(input) { y, x in
            let value = Double(
              plane(step.source, image, channel / 8)[y * input.row + x * 8 + channel % 8])
            sum += value
            squares += value * value
          }
        }
        let elements = Double(perGroup * input.height * input.width)
        let mean = sum / elements
        let variance = max(0, squares / elements - mean * mean)
        let factor = 1 / (variance + Double(step.epsilon)).squareRoot()
        for channel in channels {
          let scale = Float(factor) * constants[step.scale + channel]
          let shift = constants[step.shift + channel] - Float(mean) * scale
          let source = plane(step.source, image, channel / 8) + channel % 8
          let destination = plane(step.destination, image, channel / 8) + channel % 8
          eachPixel(input) { y, x in
            destination[y * output.row + x * 8] = source[y * input.row + x * 8] * scale + shift
          }
        }
      }
    }
  }

  func run(_ step: ArgMaxStep, _ count: Int) {
    let input = program.buffers[step.source].layout
    let output = program.buffers[step.destination].layout
    for image in 0..<count {
      eachPixel(input) { y, x in
        let places = (0..<input.channels).map { channel in
          plane(step.source, image, channel / 8)[y * input.row + x * 8 + channel % 8]
        }
        var best = 0
        for channel in places.indices where places[channel] > places[best] { best = channel }
        plane(step.destination, image, 0)[y * output.row + x * 8] = Float(best)
      }
    }
  }

  private func eachPixel(_ layout: Layout, _ body: (Int, Int) -> Void) {
    for y in 0..<layout.height {
      for x in 0..<layout.width { body(y, x) }
    }
  }
}
