extension ChannelTracing {
  /// Arithmetic joins its operands index by index; an operand with extent 1 is read by all.
  mutating func combined(_ index: Int) -> Labels? {
    let shape = graph.nodes[index].shape
    let inputs = graph.nodes[index].inputs
    func shift(_ input: Int) -> Int { shape.rank - graph.nodes[input].shape.rank }
    /// The extent of an operand along an axis of the result.
    func extent(_ input: Int, _ axis: Int) -> Int {
      axis < shift(input) ? 1 : graph.nodes[input].shape.dimensions[axis - shift(input)]
    }
    // A single channel that is broadcast stands in for many: it cannot go.
    for input in inputs {
      if let read = labels[input], extent(input, read.axis + shift(input)) == 1 { fix(input) }
    }
    let axes = inputs.compactMap { input in
      labels[input].flatMap { $0.elements.count > 1 ? $0.axis + shift(input) : nil }
    }
    guard let axis = axes.first, axes.allSatisfy({ $0 == axis }) else {
      for input in inputs { fix(input) }
      return nil
    }
    let whole = inputs.filter { extent($0, axis) == shape.dimensions[axis] }
    for input in whole where labels[input] == nil && isOwnConstant(input) {
      label(constant: input, axis: axis - shift(input))
    }
    guard whole.allSatisfy({ labels[$0]?.axis == axis - shift($0) }) else {
      for input in inputs { fix(input) }
      return nil
    }
    let elements = whole.compactMap { labels[$0]?.elements }
    for other in elements.dropFirst() { join(elements[0], other) }
    return Labels(axis: axis, elements: elements[0])
  }

  /// A concatenation along the channels puts them in a row, any other joins them one by one.
  mutating func concatenated(_ index: Int, _ axis: Int) -> Labels? {
    let inputs = graph.nodes[index].inputs
    guard let first = inputs.lazy.compactMap({ [labels] in labels[$0] }).first else { return nil }
    for input in inputs where labels[input] == nil && isOwnConstant(input) {
      label(constant: input, axis: first.axis)
    }
    let isAlong = first.axis == axis
    guard
      inputs.allSatisfy({ labels[$0].map { $0.axis == first.axis } ?? isAlong })
    else {
      for input in inputs { fix(input) }
      return nil
    }
    if isAlong {
      return Labels(
        axis: axis,
        elements: inputs.flatMap { input in
          labels[input]?.elements
            ?? [Int](repeating: 0, count: graph.nodes[input].shape.dimensions[axis])
        })
    }
    for input in inputs {
      if let other = labels[input] { join(first.elements, other.elements) }
    }
    return first
  }

  mutating func expanded(_ source: Int, to shape: Shape) -> Labels? {
    let before = graph.nodes[source].shape
    let shift = shape.rank - before.rank
    return following(source) { axis in
      before.dimensions[axis] == shape.dimensions[axis + shift] ? axis + shift : nil
    }
  }
}
