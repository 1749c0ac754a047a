import Foundation
import ModelGraph

extension ReferenceNetwork {
  /// The output of a node for its inputs, as ONNX defines it.
  func compute(_ node: Node, _ inputs: [ReferenceTensor]) -> ReferenceTensor {
    switch node.op {
    case .input, .unsupported: preconditionFailure("\(node.name) cannot be computed")
    case .constant(let constant):
      return ReferenceTensor(constant.shape, parameter(constant.parameter).values)
    case .convolution(let convolution):
      return convolve(convolution, inputs[0], node.shape)
    case .linear(let linear):
      let weight = parameter(linear.weight)
      let bias = linear.bias.map { parameter($0).values }
      let features = inputs[0].shape.dimensions.last ?? 1
      return ReferenceTensor(node.shape) { index in
        let output = index[index.count - 1]
        return (0..<features).reduce(bias?[output] ?? 0) { sum, feature in
          sum + weight[[output, feature]] * inputs[0][index.dropLast() + [feature]]
        }
      }
    case .matMul:
      let inner = inputs[0].shape.dimensions.last ?? 1
      return ReferenceTensor(node.shape) { index in
        let (row, column) = (index[index.count - 2], index[index.count - 1])
        return (0..<inner).reduce(0) { sum, k in
          sum + inputs[0][broadcast: index.dropLast(2) + [row, k]]
            * inputs[1][broadcast: index.dropLast(2) + [k, column]]
        }
      }
    case .attention(let attention): return attend(attention, inputs, node.shape)
    case .batchNormalization(let norm):
      let (scale, bias) = (parameter(norm.scale).values, parameter(norm.bias).values)
      let (mean, variance) = (parameter(norm.mean).values, parameter(norm.variance).values)
      return ReferenceTensor(node.shape) { index in
        let channel = index[0]
        let deviation = (variance[channel] + Double(norm.epsilon)).squareRoot()
        return (inputs[0][index] - mean[channel]) / deviation * scale[channel] + bias[channel]
      }
    case .layerNormalization(let norm):
      let scale = parameter(norm.scale).values
      let bias = norm.bias.map { parameter($0).values } ?? scale.map { _ in 0 }
      return inputs[0].along(Array(norm.axis..<node.shape.rank)) { values in
        standardized(values, norm.epsilon).enumerated().map { $1 * scale[$0] + bias[$0] }
      }
    case .groupNormalization(let norm):
      let (scale, bias) = (parameter(norm.scale).values, parameter(norm.bias).values)
      let perGroup = node.shape.count / norm.groups
      let perChannel = node.shape.count / scale.count
      let values = (0..<norm.groups).flatMap { group in
        standardized(
          Array(inputs[0].values[group * perGroup..<(group + 1) * perGroup]), norm.epsilon)
      }
      return ReferenceTensor(
        node.shape,
        values.enumerated().map { $1 * scale[$0 / perChannel] + bias[$0 / perChannel] })
    case .activation(let activation): return inputs[0].map(activation.value)
    case .parametricRelu(let slope):
      let slopes = ReferenceTensor(slope.shape, parameter(slope.parameter).values)
      return ReferenceTensor(node.shape) { index in
        let value = inputs[0][index]
        return value < 0 ? value * slopes[broadcast: index] : value
      }
    case .arithmetic(let arithmetic):
      return ReferenceTensor(node.shape) { index in
        arithmetic.value(inputs[0][broadcast: index], inputs[1][broadcast: index])
      }
    case .softmax(let axis):
      return inputs[0].along([axis]) { values in
        let top = values.max() ?? 0
        let powers = values.map { Foundation.exp($0 - top) }
        return powers.map { $0 / powers.reduce(0, +) }
      }
    case .maxPool(let pooling):
      return pool(pooling, inputs[0], node.shape) { window, _ in window.max() ?? -.infinity }
    case .averagePool(let pooling):
      return pool(pooling, inputs[0], node.shape) { window, padded in
        window.reduce(0, +) / Double(pooling.countsPads ? padded : window.count)
      }
    case .globalAveragePool: return mean(inputs[0], [1, 2], node.shape)
    case .reduceMean(let axes, _): return mean(inputs[0], axes, node.shape)
    case .argMax(let axis, _):
      return inputs[0].reduced([axis], to: node.shape) { values in
        Double(values.firstIndex(of: values.max() ?? 0) ?? 0)
      }
    case .concat, .slice, .gather, .flatten, .reshape, .transpose, .expand, .pad, .channelShuffle:
      return rearrange(node, inputs)
    case .resize(let resize): return self.resize(resize, inputs[0], node.shape)
    }
  }

  private func standardized(_ values: [Double], _ epsilon: Float) -> [Double] {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return values.map { ($0 - mean) / (variance + Double(epsilon)).squareRoot() }
  }

  private func mean(_ input: ReferenceTensor, _ axes: [Int], _ shape: Shape) -> ReferenceTensor {
    input.reduced(axes, to: shape) { $0.reduce(0, +) / Double($0.count) }
  }

  // MARK: Products

  private func convolve(
    _ convolution: Convolution, _ input: ReferenceTensor, _ shape: Shape
  ) -> ReferenceTensor {
    let weight = parameter(convolution.weight)
    let bias = convolution.bias.map { parameter($0).values }
    let channels = input.shape.channels / convolution.groups
    return ReferenceTensor(shape) { index in
      let (filter, y, x) = (index[0], index[1], index[2])
      let group = filter / (convolution.outputChannels / convolution.groups)
      var sum = bias?[filter] ?? 0
      for ky in 0..<convolution.kernel.height {
        let row =
          y * convolution.strides.height - convolution.pads.top + ky * convolution.dilations.height
        for kx in 0..<convolution.kernel.width {
          let column =
            x * convolution.strides.width - convolution.pads.left
            + kx * convolution.dilations.width
          guard (0..<input.shape.height).contains(row), (0..<input.shape.width).contains(column)
          else { continue }
          for channel in 0..<channels {
            sum +=
              weight[[filter, channel, ky, kx]] * input[[group * channels + channel, row, column]]
          }
        }
      }
      return sum
    }
  }

  private func attend(
    _ attention: Attention, _ inputs: [ReferenceTensor], _ shape: Shape
  ) -> ReferenceTensor {
    let depth = inputs[0].shape.channels / attention.heads
    let width = shape.channels / attention.heads
    let keys = 0..<inputs[1].shape.width
    return ReferenceTensor(shape) { index in
      let head = index[1] / width
      let scores = keys.map { key in
        (0..<depth).reduce(0) { sum, d in
          sum + inputs[0][[index[0], head * depth + d]] * inputs[1][[key, head * depth + d]]
        } * Double(attention.scale)
      }
      let top = scores.max() ?? 0
      let powers = scores.map { Foundation.exp($0 - top) }
      let weighted = keys.reduce(0) { $0 + powers[$1] * inputs[2][[$1, index[1]]] }
      return weighted / powers.reduce(0, +)
    }
  }

  // MARK: Windows

  /// `reduce` gets the values of a window inside the image, and how many places of the window lie
  /// inside the padded image.
  private func pool(
    _ pooling: Pooling, _ input: ReferenceTensor, _ shape: Shape,
    reduce: ([Double], Int) -> Double
  ) -> ReferenceTensor {
    ReferenceTensor(shape) { index in
      var window: [Double] = []
      var padded = 0
      for ky in 0..<pooling.kernel.height {
        let row =
          index[1] * pooling.strides.height - pooling.pads.top + ky * pooling.dilations.height
        for kx in 0..<pooling.kernel.width {
          let column =
            index[2] * pooling.strides.width - pooling.pads.left + kx * pooling.dilations.width
          if row < input.shape.height + pooling.pads.bottom,
            column < input.shape.width + pooling.pads.right
          {
            padded += 1
          }
          guard (0..<input.shape.height).contains(row), (0..<input.shape.width).contains(column)
          else { continue }
          window.append(input[[index[0], row, column]])
        }
      }
      return reduce(window, padded)
    }
  }

  private func resize(_ resize: Resize, _ input: ReferenceTensor, _ shape: Shape) -> ReferenceTensor
  {
    func place(_ index: Int, _ size: Int, _ extent: Int, _ given: Float?) -> Double {
      // As quotients of exact numbers, so that no place on a pixel is rounded away from it.
      let length = given.map { Double(extent) * Double($0) } ?? Double(size)
      let output = Double(index)
      let center = (2 * output + 1) * Double(extent)
      switch resize.coordinates {
      case .asymmetric: return output * Double(extent) / length
      case .halfPixel: return (center - length) / (2 * length)
      case .pytorchHalfPixel: return size > 1 ? (center - length) / (2 * length) : 0
      case .alignCorners: return size > 1 ? output * Double(extent - 1) / (length - 1) : 0
      }
    }
    func inside(_ place: Double, _ extent: Int) -> Int { min(max(Int(place), 0), extent - 1) }
    let (height, width) = (input.shape.height, input.shape.width)
    return ReferenceTensor(shape) { index in
      let y = place(index[1], shape.height, height, resize.scales?.height)
      let x = place(index[2], shape.width, width, resize.scales?.width)
      switch resize.mode {
      case .nearest(let rounding):
        func rounded(_ place: Double) -> Double {
          switch rounding {
          case .floor: place.rounded(.down)
          case .ceil: place.rounded(.up)
          case .roundPreferFloor:
            place - place.rounded(.down) <= 0.5 ? place.rounded(.down) : place.rounded(.up)
          case .roundPreferCeil:
            place - place.rounded(.down) < 0.5 ? place.rounded(.down) : place.rounded(.up)
          }
        }
        return input[[index[0], inside(rounded(y), height), inside(rounded(x), width)]]
      case .linear:
        let (top, left) = (y.rounded(.down), x.rounded(.down))
        return [(top, 1 - (y - top)), (top + 1, y - top)].reduce(0) { sum, row in
          sum
            + [(left, 1 - (x - left)), (left + 1, x - left)].reduce(0) { sum, column in
              sum + row.1 * column.1
                * input[[index[0], inside(row.0, height), inside(column.0, width)]]
            }
        }
      }
    }
  }

  // MARK: Rearrangement

  private func rearrange(_ node: Node, _ inputs: [ReferenceTensor]) -> ReferenceTensor {
    switch node.op {
    case .concat(let axis):
      return ReferenceTensor(node.shape) { index in
        var index = index
        for input in inputs {
          if index[axis] < input.shape.dimensions[axis] { return input[index] }
          index[axis] -= input.shape.dimensions[axis]
        }
        return .nan
      }
    case .slice(let slice):
      return ReferenceTensor(node.shape) { index in
        inputs[0][index.indices.map { slice.starts[$0] + index[$0] * slice.steps[$0] }]
      }
    case .gather(let gather):
      let extra = gather.indicesShape.count
      let indices = ReferenceTensor(Shape(gather.indicesShape), gather.indices.map(Double.init))
      return ReferenceTensor(node.shape) { index in
        let inner = Array(index[gather.axis..<gather.axis + extra])
        return inputs[0][
          index[..<gather.axis] + [Int(indices[inner])] + index[(gather.axis + extra)...]]
      }
    case .flatten, .reshape: return ReferenceTensor(node.shape, inputs[0].values)
    case .transpose(let permutation):
      return ReferenceTensor(node.shape) { index in
        var source = index
        for (axis, from) in permutation.enumerated() { source[from] = index[axis] }
        return inputs[0][source]
      }
    case .expand: return ReferenceTensor(node.shape) { inputs[0][broadcast: $0] }
    case .channelShuffle(let groups):
      let perGroup = node.shape.channels / groups
      return ReferenceTensor(node.shape) { index in
        inputs[0][[index[0] % groups * perGroup + index[0] / groups] + index.dropFirst()]
      }
    case .pad(let padding):
      return ReferenceTensor(node.shape) { index in
        var source: [Int] = []
        for (axis, extent) in inputs[0].shape.dimensions.enumerated() {
          var place = index[axis] - padding.before[axis]
          if !(0..<extent).contains(place) {
            switch padding.mode {
            case .constant(let value): return Double(value)
            case .edge: place = min(max(place, 0), extent - 1)
            case .reflect:
              while !(0..<extent).contains(place) {
                place = place < 0 ? -place : 2 * (extent - 1) - place
              }
            }
          }
          source.append(place)
        }
        return inputs[0][source]
      }
    default: preconditionFailure("\(node.op.name) rearranges nothing")
    }
  }
}

extension Arithmetic {
  func value(_ x: Double, _ y: Double) -> Double {
    switch self {
    case .add: x + y
    case .subtract: x - y
    case .multiply: x * y
    case .divide: x / y
    case .power: Foundation.pow(x, y)
    case .maximum: max(x, y)
    case .minimum: min(x, y)
    }
  }
}
