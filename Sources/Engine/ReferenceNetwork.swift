package import ModelGraph

/// The network by definition: plain loops in double precision, one image at a time. What every
/// compiled program is tested against.
package struct ReferenceNetwork {
  private let model: Model

  /// The definition of a trained model.
  package init(_ model: Model) { self.model = model }

  /// The output for one image of bytes `[C, H, W]`.
  package func output(for image: [UInt8]) -> [Double] {
    let graph = model.graph
    var values: [[Double]] = []
    for (index, node) in graph.nodes.enumerated() {
      let inputs = node.inputs.map { (values[$0], graph.nodes[$0].shape) }
      values.append(compute(index, node, inputs, image))
    }
    return values[graph.output]
  }

  private func compute(
    _ index: Int, _ node: Node, _ inputs: [(values: [Double], shape: Shape)], _ image: [UInt8]
  ) -> [Double] {
    switch node.op {
    case .input: return normalized(image)
    case .activation(.relu): return inputs[0].values.map { max(0, $0) }
    case .arithmetic(.add): return zip(inputs[0].values, inputs[1].values).map(+)
    case .flatten: return inputs[0].values
    case .globalAveragePool:
      let area = inputs[0].shape.height * inputs[0].shape.width
      return (0..<inputs[0].shape.channels).map { channel in
        inputs[0].values[channel * area..<(channel + 1) * area].reduce(0, +) / Double(area)
      }
    case .batchNormalization(let norm):
      let area = inputs[0].values.count / inputs[0].shape.channels
      let (scale, bias) = (values(norm.scale), values(norm.bias))
      let (mean, variance) = (values(norm.mean), values(norm.variance))
      return inputs[0].values.enumerated().map { offset, value -> Double in
        let channel = offset / area
        let deviation = (variance[channel] + Double(norm.epsilon)).squareRoot()
        return (value - mean[channel]) / deviation * scale[channel] + bias[channel]
      }
    case .linear(let linear):
      let weight = values(linear.weight)
      let count = inputs[0].values.count
      let bias = linear.bias.map(values) ?? [Double](repeating: 0, count: linear.outputFeatures)
      return bias.enumerated().map { row, bias in
        let row = weight[row * count..<(row + 1) * count]
        return zip(row, inputs[0].values).reduce(bias) { $0 + $1.0 * $1.1 }
      }
    case .convolution(let conv):
      return convolve(conv, inputs[0].values, inputs[0].shape, node.shape)
    case .maxPool(let pooling):
      return pool(pooling, inputs[0].values, inputs[0].shape, node.shape) { window, _ in
        window.max() ?? 0
      }
    case .averagePool(let pooling):
      return pool(pooling, inputs[0].values, inputs[0].shape, node.shape) { window, padded in
        window.reduce(0, +) / Double(pooling.countsPads ? padded : window.count)
      }
    default: fatalError("\(node.op.name)")
    }
  }

  private func values(_ name: String) -> [Double] {
    (model.parameters[name]?.values ?? []).map(Double.init)
  }

  private func normalized(_ image: [UInt8]) -> [Double] {
    let shape = model.graph.inputShape
    let area = shape.count / shape.channels
    let input = model.input
    return image.enumerated().map { offset, byte in
      let channel = offset / area
      let mean = input.mean[input.mean.count == 1 ? 0 : channel]
      let deviation = input.deviation[input.deviation.count == 1 ? 0 : channel]
      return (Double(byte) * Double(input.scale) - Double(mean)) / Double(deviation)
    }
  }

  private func convolve(
    _ conv: Convolution, _ input: [Double], _ from: Shape, _ to: Shape
  ) -> [Double] {
    let weight = values(conv.weight)
    let bias = conv.bias.map(values)
    let channels = from.channels / conv.groups
    var output: [Double] = []
    for filter in 0..<to.channels {
      let group = filter / (conv.outputChannels / conv.groups)
      for y in 0..<to.height {
        for x in 0..<to.width {
          var sum = bias?[filter] ?? 0
          for channel in 0..<channels {
            for ky in 0..<conv.kernel.height {
              for kx in 0..<conv.kernel.width {
                let row = y * conv.strides.height - conv.pads.top + ky * conv.dilations.height
                let column = x * conv.strides.width - conv.pads.left + kx * conv.dilations.width
                guard (0..<from.height).contains(row), (0..<from.width).contains(column) else {
                  continue
                }
                let tap = ((filter * channels + channel) * conv.kernel.height + ky)
                sum +=
                  weight[tap * conv.kernel.width + kx]
                  * input[((group * channels + channel) * from.height + row) * from.width + column]
              }
            }
          }
          output.append(sum)
        }
      }
    }
    return output
  }

  /// `reduce` gets the values of a window inside the image, and how many places of the window lie
  /// inside the padded image.
  private func pool(
    _ pooling: Pooling, _ input: [Double], _ from: Shape, _ to: Shape,
    reduce: ([Double], Int) -> Double
  ) -> [Double] {
    var output: [Double] = []
    for channel in 0..<to.channels {
      for y in 0..<to.height {
        for x in 0..<to.width {
          var window: [Double] = []
          var padded = 0
          for ky in 0..<pooling.kernel.height {
            for kx in 0..<pooling.kernel.width {
              let row = y * pooling.strides.height - pooling.pads.top + ky
              let column = x * pooling.strides.width - pooling.pads.left + kx
              if row < from.height + pooling.pads.bottom, column < from.width + pooling.pads.right {
                padded += 1
              }
              guard (0..<from.height).contains(row), (0..<from.width).contains(column) else {
                continue
              }
              window.append(input[(channel * from.height + row) * from.width + column])
            }
          }
          output.append(reduce(window, padded))
        }
      }
    }
    return output
  }
}
