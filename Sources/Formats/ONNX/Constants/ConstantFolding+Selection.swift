extension ConstantFolding {
  func gather() throws -> ONNXTensor {
    let (data, indices) = (try tensor(0), try tensor(1))
    let axis = try Rules.axis(try node.integer("axis") ?? 0, rank: data.shape.count)
    let extent = data.shape[axis]
    let chosen = try (indices.integers ?? []).map { index in
      guard (-extent..<extent).contains(index) else {
        throw Failure(reason: "gathers index \(index) of an axis of \(extent)")
      }
      return index < 0 ? index + extent : index
    }
    return data.selecting(
      data.shape.indices.map { $0 == axis ? chosen : Array(0..<data.shape[$0]) },
      shape: data.shape[..<axis] + indices.shape + data.shape[(axis + 1)...])
  }

  /// Parts of the data; each row of the indices names one, beside the same place of the first `batch_dims` axes.
  func gatheredND() throws -> ONNXTensor {
    let (data, indices) = (try tensor(0), try tensor(1))
    let batchAxes = try node.integer("batch_dims") ?? 0
    guard let depth = indices.shape.last, batchAxes >= 0, batchAxes < indices.shape.count,
      batchAxes + depth <= data.shape.count,
      indices.shape[..<batchAxes] == data.shape[..<batchAxes]
    else { throw Failure(reason: "gathers from \(data.shape) by \(indices.shape)") }
    let batches = data.shape[..<batchAxes].reduce(1, *)
    let extents = Array(data.shape[batchAxes..<batchAxes + depth])
    let joined = extents.reduce(1, *)
    let inner = data.shape[(batchAxes + depth)...].reduce(1, *)
    let places = try Rules.places(try integers(1), depth: depth, in: extents)
    let shape = indices.shape.dropLast() + data.shape[(batchAxes + depth)...]
    _ = try Rules.count(Array(shape))
    let perBatch = places.count / max(batches, 1)
    let rows = places.enumerated().flatMap { number, place -> Range<Int> in
      let start = (number / max(perBatch, 1) * joined + place) * inner
      return start..<start + inner
    }
    return data.gathering(rows, shape: Array(shape))
  }

  /// `CumSum`: each value with all before it along an axis.
  func summedUp() throws -> ONNXTensor {
    let data = try tensor(0)
    guard let number = try integers(1).first else { throw Failure(reason: "names no axis") }
    let axis = try Rules.axis(number, rank: data.shape.count)
    let isReversed = try node.integer("reverse") == 1
    let isExclusive = try node.integer("exclusive") == 1
    let (extent, inner) = (data.shape[axis], data.shape[(axis + 1)...].reduce(1, *))
    func summed<Number: Numeric>(_ values: [Number], _ add: (Number, Number) -> Number) -> [Number]
    {
      var result = values
      for row in stride(from: 0, to: values.count, by: max(extent * inner, 1)) {
        for column in 0..<inner {
          var sum: Number = 0
          for step in 0..<extent {
            let place = row + (isReversed ? extent - 1 - step : step) * inner + column
            let next = add(sum, values[place])
            result[place] = isExclusive ? sum : next
            sum = next
          }
        }
      }
      return result
    }
    if let integers = data.integers { return ONNXTensor(summed(integers, &+), shape: data.shape) }
    return ONNXTensor(summed(data.floats, +), shape: data.shape)
  }

  /// `Trilu`: the values above the diagonal or below it, zeros elsewhere.
  func triangle() throws -> ONNXTensor {
    let data = try tensor(0)
    guard data.shape.count >= 2 else { throw Failure(reason: "needs a matrix") }
    let isUpper = try node.integer("upper") ?? 1 == 1
    let shift = Swift.min(Swift.max(try optionalIntegers(1)?.first ?? 0, -1 << 32), 1 << 32)
    let (rows, columns) = (data.shape[data.shape.count - 2], data.shape[data.shape.count - 1])
    func stays(_ place: Int) -> Bool {
      let (row, column) = (place / columns % rows, place % columns)
      return isUpper ? column - row >= shift : column - row <= shift
    }
    if let values = data.integers {
      return ONNXTensor(
        values.enumerated().map { stays($0) ? $1 : 0 }, shape: data.shape)
    }
    return ONNXTensor(data.floats.enumerated().map { stays($0) ? $1 : 0 }, shape: data.shape)
  }

  /// `QuantizeLinear` of values that are known.
  func quantized() throws -> ONNXTensor {
    let data = try tensor(0)
    let quantization = try Quantization(
      node, scale: tensor(1), zero: optional(2), of: data.shape)
    guard quantization.axis == nil, let range = quantization.range else {
      throw Failure(reason: "quantises a constant along an axis")
    }
    let values = data.floats.map { value in
      let integer = (value / quantization.scale[0]).rounded(.toNearestOrEven) + quantization.zero[0]
      return Int(exactly: min(max(integer, range.lowerBound), range.upperBound)) ?? 0
    }
    return ONNXTensor(values, shape: data.shape)
  }

  func slice() throws -> ONNXTensor {
    let data = try tensor(0)
    let parts = try Rules.slice(
      data.shape, starts: try node.integers("starts") ?? integers(1),
      ends: try node.integers("ends") ?? integers(2),
      axes: try node.integers("axes") ?? optionalIntegers(3), steps: optionalIntegers(4))
    return data.selecting(
      parts.map { part in (0..<part.count).map { part.start + $0 * part.step } },
      shape: parts.map(\.count))
  }

  func split() throws -> [ONNXTensor] {
    let data = try tensor(0)
    let axis = try Rules.axis(try node.integer("axis") ?? 0, rank: data.shape.count)
    let sizes = try Rules.split(
      data.shape[axis], into: node.outputs.count,
      sizes: try node.integers("split") ?? optionalIntegers(1))
    var start = 0
    return sizes.map { size in
      var selection = data.shape.map { Array(0..<$0) }
      selection[axis] = Array(start..<start + size)
      start += size
      return data.selecting(selection, shape: selection.map(\.count))
    }
  }

  func tiled() throws -> ONNXTensor {
    let (data, repeats) = (try tensor(0), try integers(1))
    guard repeats.count == data.shape.count, repeats.allSatisfy({ $0 >= 0 }) else {
      throw Failure(reason: "repeats \(data.shape) by \(repeats.prefix(8))")
    }
    let products = zip(data.shape, repeats).map { $0.multipliedReportingOverflow(by: $1) }
    guard products.allSatisfy({ !$0.overflow }) else {
      throw Failure(reason: "repeats \(data.shape) by \(repeats)")
    }
    let shape = products.map(\.partialValue)
    _ = try Rules.count(shape)
    return data.selecting(
      zip(shape, data.shape).map { target, extent in (0..<target).map { $0 % extent } },
      shape: shape)
  }

  func concat() throws -> ONNXTensor {
    let tensors = try inputs.indices.map { try tensor($0) }
    guard let first = tensors.first?.shape else { throw Failure(reason: "lacks its inputs") }
    let axis = try Rules.axis(try node.integer("axis") ?? 0, rank: first.count)
    let outer = first[..<axis].reduce(1, *)
    var shape = first
    shape[axis] = try tensors.reduce(0) { sum, tensor in
      var other = tensor.shape
      guard other.count == first.count else {
        throw Failure(reason: "joins shapes that do not match")
      }
      other[axis] = first[axis]
      guard other == first else { throw Failure(reason: "joins shapes that do not match") }
      return sum + tensor.shape[axis]
    }
    func joined<Element>(_ values: [[Element]]) -> [Element] {
      (0..<outer).flatMap { row in
        values.flatMap { values in
          let width = values.count / max(outer, 1)
          return values[row * width..<(row + 1) * width]
        }
      }
    }
    if tensors.allSatisfy({ $0.integers != nil }) {
      return ONNXTensor(joined(tensors.map { $0.integers ?? [] }), shape: shape)
    }
    return ONNXTensor(joined(tensors.map(\.floats)), shape: shape)
  }

  /// Parts of the data replaced; each row of the indices says where one stands.
  func scattered() throws -> ONNXTensor {
    let (data, indices, updates) = (try tensor(0), try tensor(1), try tensor(2))
    guard try node.string("reduction") ?? "none" == "none" else {
      throw Failure(reason: "adds up or compares what it scatters")
    }
    guard let depth = indices.shape.last, depth <= data.shape.count,
      updates.shape == indices.shape.dropLast() + data.shape[depth...]
    else { throw Failure(reason: "scatters \(updates.shape) by \(indices.shape)") }
    let width = data.shape[depth...].reduce(1, *)
    let starts = try Rules.places(indices.integers ?? [], depth: depth, in: data.shape)
    func scatter<Number>(_ values: [Number], _ updates: [Number]) -> [Number] {
      var values = values
      for (row, start) in starts.enumerated() {
        for place in 0..<width { values[start * width + place] = updates[row * width + place] }
      }
      return values
    }
    if let values = data.integers, let updates = updates.integers {
      return ONNXTensor(scatter(values, updates), shape: data.shape)
    }
    return ONNXTensor(scatter(data.floats, updates.floats), shape: data.shape)
  }
}
