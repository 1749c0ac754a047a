extension ChannelTracing {
  mutating func sliced(_ source: Int, _ slice: Slice) -> Labels? {
    guard let read = labels[source] else { return nil }
    let axis = read.axis
    return Labels(
      axis: axis,
      elements: (0..<slice.counts[axis]).map {
        read.elements[slice.starts[axis] + $0 * slice.steps[axis]]
      })
  }

  mutating func gathered(_ source: Int, _ gather: Gather) -> Labels? {
    guard let read = labels[source] else { return nil }
    guard read.axis == gather.axis else {
      let added = gather.indicesShape.count - 1
      return Labels(
        axis: read.axis > gather.axis ? read.axis + added : read.axis, elements: read.elements)
    }
    guard gather.indicesShape.count == 1 else { return stopped(source) }
    return Labels(axis: read.axis, elements: gather.indices.map { read.elements[$0] })
  }

  mutating func padded(_ source: Int, _ padding: Padding) -> Labels? {
    guard let read = labels[source] else { return nil }
    let (before, after) = (padding.before[read.axis], padding.after[read.axis])
    guard before != 0 || after != 0 else { return read }
    guard case .constant = padding.mode, before >= 0, after >= 0 else { return stopped(source) }
    return Labels(
      axis: read.axis,
      elements: [Int](repeating: 0, count: before) + read.elements
        + [Int](repeating: 0, count: after))
  }

  /// Elements behind a reshape stand along one axis again: where several would be needed, those that
  /// share a place on the longest become one, so that what stays is a box.
  mutating func reshaped(_ source: Int, to shape: Shape) -> Labels? {
    guard let read = labels[source] else { return nil }
    let before = graph.nodes[source].shape.dimensions
    guard let block = ReshapeBlock(from: before, to: shape.dimensions, around: read.axis),
      block.count <= Self.largestBlock
    else { return stopped(source) }
    let inner = before[(read.axis + 1)..<block.inputs.upperBound].reduce(1, *)
    let roots = read.elements.map { elements.root(of: $0) }
    func element(_ place: Int) -> Int { roots[place / inner % roots.count] }

    let axes = block.outputs.filter { shape.dimensions[$0] > 1 }
    guard let longest = axes.max(by: { shape.dimensions[$0] < shape.dimensions[$1] }) else {
      return Labels(axis: block.outputs.lowerBound, elements: [element(0)])
    }
    func places(_ axis: Int) -> (stride: Int, extent: Int) {
      (
        shape.dimensions[(axis + 1)..<block.outputs.upperBound].reduce(1, *),
        shape.dimensions[axis]
      )
    }
    /// For each index of an axis the first place that has it.
    func firsts(_ axis: Int) -> [Int] {
      let (stride, extent) = places(axis)
      return (0..<extent).map { $0 * stride }
    }
    let fitting = axes.first { axis in
      let (stride, extent) = places(axis)
      return (0..<block.count).allSatisfy {
        element($0) == element($0 / stride % extent * stride)
      }
    }
    let axis = fitting ?? longest
    if fitting == nil {
      let (stride, extent) = places(axis)
      for place in 0..<block.count {
        join(element(place / stride % extent * stride), element(place))
      }
    }
    return Labels(axis: axis, elements: firsts(axis).map(element))
  }

  /// Longer runs of values are left whole: looking at each of them would take too long.
  private static let largestBlock = 1 << 22
}

/// The axes that a reshape makes out of one axis and its neighbours: the others are not touched.
private struct ReshapeBlock {
  let inputs: Range<Int>
  let outputs: Range<Int>
  /// The values that these axes span.
  let count: Int

  /// The shortest runs of axes with equally many values that hold `axis`; nil if its extent is 1.
  init?(from before: [Int], to after: [Int], around axis: Int) {
    /// For each axis the product of the extents before it, and that of all.
    func products(_ extents: [Int]) -> [Int] {
      extents.reduce(into: [1]) { $0.append(($0.last ?? 1) * $1) }
    }
    let (inputs, outputs) = (products(before), products(after))
    let common = Set(inputs).intersection(outputs)
    guard before[axis] > 1,
      let lower = common.filter({ $0 <= inputs[axis] }).max(),
      let upper = common.filter({ $0 >= inputs[axis + 1] }).min(),
      let firstInput = inputs.lastIndex(of: lower), let lastInput = inputs.firstIndex(of: upper),
      let firstOutput = outputs.lastIndex(of: lower), let lastOutput = outputs.firstIndex(of: upper)
    else { return nil }
    self.inputs = firstInput..<lastInput
    self.outputs = firstOutput..<lastOutput
    count = upper / lower
  }
}
