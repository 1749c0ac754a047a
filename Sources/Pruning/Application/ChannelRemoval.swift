internal import ModelGraph
internal import Patterns

/// Removes channels from a model for good: every tensor that holds them gets smaller.
struct ChannelRemoval {
  let model: Model
  /// For each node the indices of its channel axis that stay, ascending; nil if all do.
  let kept: [[Int]?]
  /// The channels of each node.
  private let maps: [ChannelMap?]

  /// - Parameter kept: for each group the channels that stay, ascending; nil if all do.
  init(model: Model, groups: ChannelGroups, kept: [[Int]?]) {
    self.model = model
    self.kept = model.graph.nodes.indices.map { groups.keptIndices(ofNode: $0, kept: kept) }
    maps = groups.maps
  }

  /// Makes all smaller that holds channels which go.
  ///
  /// - Parameter isReplaced: whether a node's weight is replaced anyway.
  func apply(to draft: inout ModelDraft, except isReplaced: (_ node: Int) -> Bool = { _ in false })
  {
    let graph = model.graph
    for (index, node) in graph.nodes.enumerated()
    where kept[index] != nil || node.inputs.contains(where: { kept[$0] != nil }) {
      for (place, declaration) in graph.parameters(of: index).enumerated() {
        guard let parameter = model.parameters[declaration.name], place > 0 || !isReplaced(index)
        else { continue }
        draft.parameters[declaration.name] = smaller(parameter, place: place, of: index)
      }
      draft[index] = resized(index)
    }
  }

  /// The parameter with that place among those of node `index`.
  private func smaller(_ parameter: Parameter, place: Int, of index: Int) -> Parameter {
    let node = model.graph.nodes[index]
    switch node.op {
    case .convolution(let conv):
      let rows = parameter.keeping(kept[index], along: 0)
      guard place == 0, conv.groups == 1 else { return rows }
      return rows.keeping(kept[node.inputs[0]], along: 1)
    case .linear:
      let rows = parameter.keeping(kept[index], along: 0)
      return place == 0 ? rows.keeping(kept[node.inputs[0]], along: 1) : rows
    case .batchNormalization, .groupNormalization:
      return parameter.keeping(kept[index], along: 0)
    case .constant, .parametricRelu:
      guard let axis = maps[index]?.axis(ofBroadcast: parameter.shape, rank: node.shape.rank)
      else { return parameter }
      return parameter.keeping(kept[index], along: axis)
    default: return parameter
    }
  }

  private func resized(_ index: Int) -> Operator {
    let node = model.graph.nodes[index]
    let source = node.inputs.first ?? 0
    let before = node.shape.dimensions
    // A selection follows its source even if all that it takes stays.
    if let axis = maps[source]?.axis {
      switch node.op {
      case .slice(let slice): return resized(slice, along: axis, of: source)
      case .gather(let gather) where gather.axis == axis && gather.indicesShape.count == 1:
        return resized(gather, of: source)
      default: break
      }
    }
    guard let map = maps[index], case let axis = map.axis, before.indices.contains(axis) else {
      return node.op
    }
    let count = kept[index]?.count ?? before[axis]
    var shape = before
    shape[axis] = count
    switch node.op {
    case .constant(var constant):
      constant.shape = Shape(shape)
      return .constant(constant)
    case .convolution(var conv):
      if conv.groups > 1 { conv.groups = conv.groups * count / conv.outputChannels }
      conv.outputChannels = count
      return .convolution(conv)
    case .linear(var linear):
      linear.outputFeatures = count
      return .linear(linear)
    case .attention(var attention):
      attention.heads = attention.heads * count / before[axis]
      return .attention(attention)
    case .groupNormalization(var norm):
      norm.groups = count
      return .groupNormalization(norm)
    case .parametricRelu(var slope):
      var extents = slope.shape.dimensions
      guard let place = map.axis(ofBroadcast: extents, rank: node.shape.rank) else {
        return node.op
      }
      extents[place] = count
      slope.shape = Shape(extents)
      return .parametricRelu(slope: slope)
    case .reshape: return .reshape(Shape(shape))
    case .expand: return .expand(Shape(shape))
    default: return node.op
    }
  }

  private func resized(_ slice: Slice, along axis: Int, of source: Int) -> Operator {
    let places = (0..<slice.counts[axis]).map { slice.starts[axis] + $0 * slice.steps[axis] }
    return slice.selecting(remaining(places, of: source), along: axis)
  }

  private func resized(_ gather: Gather, of source: Int) -> Operator {
    let stay = remaining(gather.indices, of: source)
    return .gather(Gather(axis: gather.axis, indices: stay, indicesShape: [stay.count]))
  }

  /// Where those of `places` that stay stand among what stays of node `source`.
  private func remaining(_ places: [Int], of source: Int) -> [Int] {
    guard let kept = kept[source] else { return places }
    let positions = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
    return places.compactMap { positions[$0] }
  }
}

extension Parameter {
  /// The parameter with only some indices of one extent; all where nil.
  func keeping(_ indices: [Int]?, along axis: Int) -> Parameter {
    guard let indices else { return self }
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    var result: [Float] = []
    result.reserveCapacity(outer * indices.count * inner)
    for row in 0..<outer {
      for index in indices {
        let start = (row * shape[axis] + index) * inner
        result += values[start..<start + inner]
      }
    }
    var shape = shape
    shape[axis] = indices.count
    return Parameter(shape: shape, values: result)
  }
}
