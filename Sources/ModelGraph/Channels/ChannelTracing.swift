/// Follows channels through a graph, from the nodes that make them to those that read them.
///
/// Each index of a convolution's or linear layer's output is an element; where an operator can work
/// only if two elements stay or go together, they become one. Element 0 always stays.
struct ChannelTracing {
  /// The elements along one axis of a node's output; the others are whole.
  struct Labels {
    var axis: Int
    var elements: [Int]
  }

  let graph: Graph
  /// For each node the elements in its output; nil if it has none, or none is known.
  private(set) var labels: [Labels?]
  var elements = DisjointSets()
  /// Producers whose elements became one, by number of node.
  var groups = DisjointSets()
  /// For each element the node that made it.
  private(set) var producer: [Int] = []

  init(_ graph: Graph) {
    self.graph = graph
    labels = [Labels?](repeating: nil, count: graph.nodes.count)
    for _ in graph.nodes { _ = groups.add() }
    _ = newElements(1, madeBy: 0)
  }

  mutating func run() {
    for index in graph.nodes.indices { labels[index] = traced(index) }
    fix(graph.output)
    fixShared()
  }

  func isFixed(_ root: Int) -> Bool { root == 0 }

  // MARK: Elements

  mutating func newElements(_ count: Int, madeBy node: Int) -> [Int] {
    (0..<count).map { _ in
      producer.append(node)
      return elements.add()
    }
  }

  /// Makes two elements one, and their producers members of one group.
  mutating func join(_ first: Int, _ second: Int) {
    let (a, b) = (elements.root(of: first), elements.root(of: second))
    elements.union(a, b)
    if !isFixed(a), !isFixed(b) { groups.union(producer[a], producer[b]) }
  }

  mutating func join(_ first: [Int], _ second: [Int]) {
    for (a, b) in zip(first, second) { join(a, b) }
  }

  /// Everything in the output of node `index` stays.
  mutating func fix(_ index: Int) {
    for element in labels[index]?.elements ?? [] { elements.union(0, element) }
  }

  /// Labels of a constant, which has none until it meets a tensor that has.
  mutating func label(constant index: Int, axis: Int) {
    labels[index] = Labels(
      axis: axis,
      elements: newElements(graph.nodes[index].shape.dimensions[axis], madeBy: index))
  }

  /// Whether node `index` is a constant that one node alone reads, so that it can follow that.
  func isOwnConstant(_ index: Int) -> Bool {
    guard case .constant = graph.nodes[index].op else { return false }
    return graph.consumers[index].count == 1
  }

  /// A parameter that serves two nodes would have to be cut for both.
  private mutating func fixShared() {
    var owners: [String: Int] = [:]
    for index in graph.nodes.indices {
      for parameter in graph.parameters(of: index) {
        guard let owner = owners.updateValue(index, forKey: parameter.name), owner != index
        else { continue }
        for node in [index, owner] + graph.nodes[index].inputs + graph.nodes[owner].inputs {
          fix(node)
        }
      }
    }
  }

  // MARK: Operators

  private mutating func traced(_ index: Int) -> Labels? {
    let node = graph.nodes[index]
    let source = node.inputs.first ?? 0
    switch node.op {
    case .input, .constant: return nil
    case .convolution(let conv):
      guard conv.groups > 1 else {
        return produced(conv.outputChannels, by: index, axis: 0, readingAxis: 0)
      }
      return grouped(conv.groups, index)
    case .linear(let linear):
      let last = node.shape.rank - 1
      return produced(linear.outputFeatures, by: index, axis: last, readingAxis: last)
    case .attention(let attention): return attended(attention.heads, index)
    case .batchNormalization: return following(source, along: 0)
    case .groupNormalization(let norm):
      return norm.groups == node.shape.dimensions[0] ? following(source, along: 0) : stopped(source)
    case .layerNormalization(let norm):
      return following(source) { $0 < norm.axis ? $0 : nil }
    case .activation: return labels[source]
    case .parametricRelu: return labels[source]
    case .softmax(let axis): return following(source) { $0 == axis ? nil : $0 }
    case .maxPool, .averagePool, .globalAveragePool, .resize: return following(source, along: 0)
    case .reduceMean(let axes, let keepsAxes):
      return following(source) { axis in
        axes.contains(axis) ? nil : keepsAxes ? axis : axis - axes.count { $0 < axis }
      }
    case .argMax(let axis, let keepsAxis):
      return following(source) { $0 == axis ? nil : keepsAxis || $0 < axis ? $0 : $0 - 1 }
    case .arithmetic: return combined(index)
    case .concat(let axis): return concatenated(index, axis)
    case .slice(let slice): return sliced(source, slice)
    case .gather(let gather): return gathered(source, gather)
    case .flatten, .reshape: return reshaped(source, to: node.shape)
    case .transpose(let permutation): return following(source) { permutation.firstIndex(of: $0) }
    case .expand: return expanded(source, to: node.shape)
    case .pad(let padding): return padded(source, padding)
    case .channelShuffle(let groups): return shuffled(source, groups)
    case .matMul, .unsupported:
      for input in node.inputs { fix(input) }
      return nil
    }
  }

  /// New elements of a layer that reads its input's elements along one axis through its weight.
  private mutating func produced(
    _ count: Int, by index: Int, axis: Int, readingAxis: Int
  ) -> Labels {
    let source = graph.nodes[index].inputs[0]
    if let read = labels[source], read.axis != readingAxis { fix(source) }
    return Labels(axis: axis, elements: newElements(count, madeBy: index))
  }

  /// The elements of `source` where `axis` puts them; nothing can go if that is nil.
  mutating func following(_ source: Int, axis: (Int) -> Int?) -> Labels? {
    guard let read = labels[source] else { return nil }
    guard let axis = axis(read.axis) else { return stopped(source) }
    return Labels(axis: axis, elements: read.elements)
  }

  private mutating func following(_ source: Int, along axis: Int) -> Labels? {
    following(source) { $0 == axis ? $0 : nil }
  }

  mutating func stopped(_ source: Int) -> Labels? {
    fix(source)
    return nil
  }

  /// A group of a grouped convolution, its inputs and its filters, goes as a whole.
  private mutating func grouped(_ count: Int, _ index: Int) -> Labels? {
    let source = graph.nodes[index].inputs[0]
    guard let read = labels[source], read.axis == 0 else { return stopped(source) }
    let inputs = read.elements.count / count
    for place in read.elements.indices {
      join(read.elements[place / inputs * inputs], read.elements[place])
    }
    let outputs = graph.nodes[index].shape.dimensions[0] / count
    return Labels(
      axis: 0, elements: (0..<outputs * count).map { read.elements[$0 / outputs * inputs] })
  }

  /// A head, its columns of queries, keys and values, goes as a whole.
  private mutating func attended(_ heads: Int, _ index: Int) -> Labels? {
    let inputs = graph.nodes[index].inputs
    let last = graph.nodes[index].shape.rank - 1
    let read = inputs.compactMap { labels[$0] }
    guard read.count == 3, read.allSatisfy({ $0.axis == last }) else {
      for input in inputs { fix(input) }
      return nil
    }
    for labels in read {
      let columns = labels.elements.count / heads
      for place in labels.elements.indices {
        let head = place / columns
        join(read[0].elements[head * (read[0].elements.count / heads)], labels.elements[place])
      }
    }
    return Labels(axis: last, elements: read[2].elements)
  }

  private mutating func shuffled(_ source: Int, _ groups: Int) -> Labels? {
    guard let read = labels[source], read.axis == 0 else { return stopped(source) }
    let columns = read.elements.count / groups
    for place in read.elements.indices {
      join(read.elements[place % columns], read.elements[place])
    }
    return Labels(axis: 0, elements: read.elements.indices.map { read.elements[$0 / groups] })
  }
}
