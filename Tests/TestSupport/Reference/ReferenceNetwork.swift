package import ModelGraph

/// The network by definition: plain loops in double precision, one image at a time. What every
/// compiled program is tested against.
package struct ReferenceNetwork {
  let model: Model

  /// The definition of a trained model.
  package init(_ model: Model) { self.model = model }

  /// The output for one image of bytes, `[C, H, W]` for a feature map.
  package func output(for image: [UInt8]) -> [Double] {
    output(for: normalized(image))
  }

  /// The output for one input that is taken as it is.
  package func output(for values: [Double]) -> [Double] {
    let graph = model.graph
    var tensors: [ReferenceTensor] = []
    for node in graph.nodes {
      let inputs = node.inputs.map { tensors[$0] }
      let result =
        if case .input = node.op {
          ReferenceTensor(node.shape, values)
        } else {
          compute(node, inputs)
        }
      precondition(result.shape == node.shape, "\(node.name) yields \(result.shape)")
      tensors.append(result)
    }
    return tensors[graph.output].values
  }

  /// A parameter in its own shape.
  func parameter(_ name: String) -> ReferenceTensor {
    let parameter = model.parameters[name] ?? Parameter(shape: [0], values: [])
    return ReferenceTensor(Shape(parameter.shape), parameter.values.map(Double.init))
  }

  private func normalized(_ image: [UInt8]) -> [Double] {
    let shape = model.graph.inputShape
    let input = model.input
    return image.enumerated().map { offset, byte in
      let channel =
        shape.isFeatureMap ? offset / (shape.height * shape.width) : offset % shape.channels
      let mean = input.mean[input.mean.count == 1 ? 0 : channel]
      let deviation = input.deviation[input.deviation.count == 1 ? 0 : channel]
      return (Double(byte) * Double(input.scale) - Double(mean)) / Double(deviation)
    }
  }
}

/// Values in row-major order.
struct ReferenceTensor {
  let shape: Shape
  var values: [Double]

  init(_ shape: Shape, _ values: [Double]) {
    precondition(shape.count == values.count)
    self.shape = shape
    self.values = values
  }

  /// The value of each index.
  init(_ shape: Shape, _ value: ([Int]) -> Double) {
    self.init(
      shape,
      (0..<shape.count).map { offset in
        var rest = offset
        var index = [Int](repeating: 0, count: shape.rank)
        for axis in (0..<shape.rank).reversed() {
          (rest, index[axis]) = rest.quotientAndRemainder(dividingBy: shape.dimensions[axis])
        }
        return value(index)
      })
  }

  subscript(_ index: [Int]) -> Double {
    var offset = 0
    for (place, extent) in zip(index, shape.dimensions) { offset = offset * extent + place }
    return values[offset]
  }

  /// The value that broadcasting puts at `index` of a shape with as many axes or more.
  subscript(broadcast index: [Int]) -> Double {
    let own = zip(index.suffix(shape.rank), shape.dimensions).map { $1 == 1 ? 0 : $0 }
    return self[own]
  }

  func map(_ body: (Double) -> Double) -> ReferenceTensor {
    ReferenceTensor(shape, values.map(body))
  }

  /// For each index of the other axes, `body` of the values along `axes` in row-major order, put
  /// back where they came from.
  func along(_ axes: [Int], _ body: ([Double]) -> [Double]) -> ReferenceTensor {
    var result = self
    for group in groups(along: axes) {
      for (offset, value) in zip(group, body(group.map { values[$0] })) {
        result.values[offset] = value
      }
    }
    return result
  }

  /// One value for each index of the axes that are not in `axes`.
  func reduced(_ axes: [Int], to shape: Shape, _ body: ([Double]) -> Double) -> ReferenceTensor {
    ReferenceTensor(shape, groups(along: axes).map { group in body(group.map { values[$0] }) })
  }

  /// Offsets that differ only along `axes`, in row-major order of the other axes.
  private func groups(along axes: [Int]) -> [[Int]] {
    let strides = shape.dimensions.indices.map {
      shape.dimensions[($0 + 1)...].reduce(1, *)
    }
    func offsets(_ chosen: [Int]) -> [Int] {
      chosen.reduce([0]) { offsets, axis in
        offsets.flatMap { offset in
          (0..<shape.dimensions[axis]).map { offset + $0 * strides[axis] }
        }
      }
    }
    let inner = offsets(axes.sorted())
    return offsets(shape.dimensions.indices.filter { !axes.contains($0) })
      .map { outer in inner.map { outer + $0 } }
  }
}
