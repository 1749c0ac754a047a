internal import ModelGraph

extension Recognition {
  /// softmax(q k' scale) v with all heads in one tensor, however q, k and v were cut out of tokens.
  mutating func recogniseAttention(_ name: String) {
    let inputs = draft[name].inputs
    let softmax = draft[inputs[0]]
    guard case .softmax(let axis) = softmax.op, axis == softmax.shape.rank - 1,
      readers[inputs[0]] == 1
    else { return }
    let (scoreScale, scores) = factors(softmax.inputs[0])
    guard scores.count == 1, let product = self.inputs(scores[0], .matMul) else { return }
    let (query, key, value) = (view(product[0]), view(product[1]), view(inputs[1]))
    guard let queries = columns(query, of: product[0], isTransposed: false),
      let keys = columns(key, of: product[1], isTransposed: true),
      let values = columns(value, of: inputs[1], isTransposed: false),
      value.scale == 1, queries.heads == keys.heads, queries.heads == values.heads
    else { return }
    let attention = Attention(
      heads: queries.heads, scale: scoreScale * query.scale * key.scale)
    let shape = draft[name].shape.dimensions
    let (count, features) = (shape[shape.count - 2], shape[shape.count - 1])
    let module = ONNXNames.parent(of: name)
    do {
      var sources: [String] = []
      for (part, role) in [(queries, "q"), (keys, "k"), (values, "v")] {
        sources.append(try tokens(part, "\(module).\(role)"))
      }
      let tokens = try draft.add("\(module).attention", .attention(attention), sources)
      let split = try draft.add(
        "\(module).heads", .reshape(Shape([count, queries.heads, features])), [tokens])
      let heads = [queries.heads, count, features]
      if shape == heads {
        draft.replace(name, by: .transpose(permutation: [1, 0, 2]), [split])
      } else {
        let ordered = try draft.add(
          "\(module).ordered", .transpose(permutation: [1, 0, 2]), [split])
        draft.replace(name, by: .reshape(Shape(shape)), [ordered])
      }
    } catch {
      // The small operators stay.
    }
  }

  /// Columns of tokens that are the heads of an attention.
  private struct Columns {
    var base: String
    var heads: Int
    var start: Int
    var count: Int
  }

  /// Heads `[h, T, d]`, or `[h, d, T]`, as columns of tokens `[T, D]`, if they are that.
  private func columns(_ view: View, of name: String, isTransposed: Bool) -> Columns? {
    let shape = draft[name].shape.dimensions
    let base = draft[view.base].shape
    let leading = shape.dropLast(2).reduce(1, *)
    guard shape.count >= 2, base.rank == 2,
      let grouped = view.elements.reshaped(to: [leading] + shape.suffix(2))
    else { return nil }
    let ordered = isTransposed ? grouped.transposed([0, 2, 1]) : grouped
    let count = shape[shape.count - (isTransposed ? 1 : 2)]
    let features = shape[shape.count - (isTransposed ? 2 : 1)]
    let width = base.dimensions[1]
    let expected = ElementView(
      offset: grouped.offset,
      axes: [
        [.init(extent: leading, stride: features)], [.init(extent: count, stride: width)],
        [.init(extent: features, stride: 1)],
      ])
    guard ordered == expected, count == base.dimensions[0],
      grouped.offset + leading * features <= width
    else { return nil }
    return Columns(
      base: view.base, heads: leading, start: grouped.offset, count: leading * features)
  }

  /// A node that yields just these columns.
  private mutating func tokens(_ columns: Columns, _ name: String) throws -> String {
    let shape = draft[columns.base].shape.dimensions
    if columns.count == shape[1] { return columns.base }
    let slice = Slice(starts: [0, columns.start], counts: [shape[0], columns.count])
    return try draft.add(name, .slice(slice), [columns.base])
  }

  // MARK: Rearrangements

  /// A node's elements in another one.
  struct View {
    var base: String
    var elements: ElementView
    /// The factor.
    var scale: Float
  }

  /// Follows a node through rearrangements, and products with numbers, to where its elements come from.
  func view(_ name: String, depth: Int = 32) -> View {
    let node = draft[name]
    let own = View(base: name, elements: ElementView(of: node.shape.dimensions), scale: 1)
    guard depth > 0 else { return own }
    if let (operand, number) = withNumber(name, .multiply) ?? withNumber(name, .divide) {
      guard draft[operand].shape == node.shape else { return own }
      var view = view(operand, depth: depth - 1)
      view.scale *= draft[name].op == .arithmetic(.multiply) ? number : 1 / number
      return view
    }
    return rearranged(name, depth: depth) ?? own
  }

  private func rearranged(_ name: String, depth: Int = 32) -> View? {
    let node = draft[name]
    guard let input = node.inputs.first else { return nil }
    let shape = draft[input].shape.dimensions
    switch node.op {
    case .reshape, .flatten:
      var view = view(input, depth: depth - 1)
      guard let elements = view.elements.reshaped(to: node.shape.dimensions) else { return nil }
      view.elements = elements
      return view
    case .transpose(let permutation):
      var view = view(input, depth: depth - 1)
      view.elements = view.elements.transposed(permutation)
      return view
    case .slice(let slice):
      var view = view(input, depth: depth - 1)
      for axis in shape.indices {
        guard slice.steps[axis] == 1,
          let elements = view.elements.slicing(
            axis, from: slice.starts[axis], count: slice.counts[axis], of: shape[axis])
        else { return nil }
        view.elements = elements
      }
      return view
    case .gather(let gather):
      guard gather.indices.count == 1, gather.indicesShape.count <= 1 else { return nil }
      var view = view(input, depth: depth - 1)
      guard
        let elements = view.elements.slicing(
          gather.axis, from: gather.indices[0], count: 1, of: shape[gather.axis])
      else { return nil }
      view.elements = gather.indicesShape.isEmpty ? elements.removing(gather.axis) : elements
      return view
    default: return nil
    }
  }

  /// Rearrangements that yield all elements in their old order become one reshape or nothing; a
  /// channel shuffle becomes one node.
  mutating func simplifyRearrangements() {
    for name in draft.order {
      let isRearranging =
        switch draft[name].op {
        case .reshape, .flatten, .transpose: true
        default: false
        }
      guard isRearranging, let view = rearranged(name), view.scale == 1 else { continue }
      let (base, shape) = (draft[view.base].shape, draft[name].shape)
      if view.elements.isAll(of: base.count), base.count == shape.count {
        if base == shape {
          aliases[name] = view.base
        } else {
          draft.replace(name, by: shape.rank == 1 ? .flatten : .reshape(shape), [view.base])
        }
      } else if base == shape, base.isFeatureMap, let groups = shuffle(view.elements, base) {
        draft.replace(name, by: .channelShuffle(groups: groups), [view.base])
      }
    }
  }

  /// The groups of a channel shuffle, if these elements of a feature map are shuffled so.
  private func shuffle(_ view: ElementView, _ shape: Shape) -> Int? {
    let area = shape.height * shape.width
    guard view.axes[0].count == 2 else { return nil }
    let groups = view.axes[0][1].extent
    let expected = ElementView(
      offset: 0,
      axes: [
        [
          .init(extent: shape.channels / groups, stride: area),
          .init(extent: groups, stride: shape.channels / groups * area),
        ], [.init(extent: shape.height, stride: shape.width)],
        [.init(extent: shape.width, stride: 1)],
      ])
    return view == expected ? groups : nil
  }
}
