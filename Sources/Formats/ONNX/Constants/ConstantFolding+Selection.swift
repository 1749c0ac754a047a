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
    let rows = indices.integers ?? []
    let starts = try stride(from: 0, to: depth == 0 ? 0 : rows.count, by: max(depth, 1)).map {
      row in
      try (0..<depth).reduce(0) { place, axis in
        let extent = data.shape[axis]
        let index = rows[row + axis]
        guard (-extent..<extent).contains(index) else {
          throw Failure(reason: "scatters to index \(index) of an axis of \(extent)")
        }
        return place * extent + (index < 0 ? index + extent : index)
      }
    }
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
