internal import ModelGraph
internal import Tensors

extension ForwardPass {
  /// An activation in the order of the graph's axes behind that of images.
  func logical(_ x: Variable<Float>, _ shape: Shape) -> Variable<Float> {
    shape.rank == 3 ? exchanged(x, [0, 3, 1, 2]) : x
  }

  /// From the order of the graph's axes to the one that is stored.
  func stored(_ x: Variable<Float>, rank: Int) -> Variable<Float> {
    rank == 3 ? exchanged(x, [0, 2, 3, 1]) : x
  }

  /// Another order of axes, which costs nothing if only axes of length 1 change places.
  private func exchanged(_ x: Variable<Float>, _ permutation: [Int]) -> Variable<Float> {
    let long = permutation.filter { x.shape[$0] != 1 }
    return long == long.sorted()
      ? x.reshaped(to: permutation.map { x.shape[$0] }) : x.transposed(permutation)
  }

  /// Applies `body` with an axis of the graph's, the last one by default, as the last axis.
  func onLastAxis(
    _ x: Variable<Float>, _ shape: Shape, of axis: Int? = nil,
    _ body: (Variable<Float>) -> Variable<Float>
  ) -> Variable<Float> {
    let last = shape.rank
    let axis = (axis ?? shape.rank - 1) + 1
    if shape.rank == 3, axis == 1 { return body(x) }
    var order = Array(0...last)
    order.swapAt(axis, last)
    let y = body(exchanged(logical(x, shape), order))
    return stored(exchanged(y, order), rank: shape.rank)
  }

  /// An activation or a constant with as many axes as `target` has, stored as that is.
  func aligned(_ x: Variable<Float>, _ shape: Shape, to target: Shape) -> Variable<Float> {
    if shape.rank == target.rank { return x }
    let missing = [Int](repeating: 1, count: target.rank - shape.rank)
    let images = x.shape[0]
    return stored(
      logical(x, shape).reshaped(to: [images] + missing + shape.dimensions), rank: target.rank)
  }

  /// A tensor of the model's with an axis of one image.
  func constant(_ constant: Constant) -> Variable<Float> {
    stored(
      parameter(constant.parameter).reshaped(to: [1] + constant.shape.dimensions),
      rank: constant.shape.rank)
  }

  /// The product over the last two axes, the others broadcast.
  func multiply(
    _ left: Variable<Float>, _ leftShape: Shape, _ right: Variable<Float>, _ rightShape: Shape
  ) -> Variable<Float> {
    let (l, r) = (leftShape.dimensions, rightShape.dimensions)
    let outer =
      Shape(Array(l.dropLast(2))).broadcast(with: Shape(Array(r.dropLast(2)))) ?? Shape([])
    func spread(_ x: Variable<Float>, _ dimensions: [Int]) -> Variable<Float> {
      let missing = [Int](repeating: 1, count: outer.rank + 2 - dimensions.count)
      return expanded(
        x.reshaped(to: [x.shape[0]] + missing + dimensions),
        to: [count] + outer.dimensions + dimensions.suffix(2))
    }
    return spread(left, l).matmul(spread(right, r))
  }

  /// A value computed from constants alone has one image for all.
  func everyImage(_ x: Variable<Float>) -> Variable<Float> {
    expanded(x, to: [count] + x.shape.dropFirst())
  }

  /// Repeats along axes of length 1.
  private func expanded(_ x: Variable<Float>, to shape: [Int]) -> Variable<Float> {
    x.shape == shape ? x : x + bound.tape.constant(Tensor(shape: shape, repeating: 0))
  }

  /// Operators that only say where an element stands.
  func rearrange(_ node: Node) -> Variable<Float> {
    let first = node.inputs[0]
    let shape = graph.nodes[first].shape
    let x = value(first)
    let rank = node.shape.rank
    switch node.op {
    case .concat(let axis):
      let parts = node.inputs.map { index in
        everyImage(logical(value(index), graph.nodes[index].shape))
      }
      return stored(.concatenated(parts, axis: axis + 1), rank: rank)
    case .flatten, .reshape:
      return stored(
        logical(x, shape).reshaped(to: [x.shape[0]] + node.shape.dimensions), rank: rank)
    case .transpose(let permutation):
      return stored(
        exchanged(logical(x, shape), [0] + permutation.map { $0 + 1 }), rank: rank)
    case .expand:
      return stored(
        expanded(
          logical(aligned(x, shape, to: node.shape), node.shape),
          to: [x.shape[0]] + node.shape.dimensions), rank: rank)
    case .slice(let slice):
      var y = logical(x, shape)
      for axis in shape.dimensions.indices {
        let indices = (0..<slice.counts[axis]).map { slice.starts[axis] + $0 * slice.steps[axis] }
        y = chosen(y, indices, axis: axis + 1)
      }
      return stored(y, rank: rank)
    case .gather(let gather):
      let y = chosen(logical(x, shape), gather.indices, axis: gather.axis + 1)
      return stored(y.reshaped(to: [x.shape[0]] + node.shape.dimensions), rank: rank)
    case .pad(let padding):
      var y = logical(x, shape)
      for axis in shape.dimensions.indices { y = padded(y, padding, axis: axis) }
      return stored(y, rank: rank)
    case .channelShuffle(let groups):
      let channels = shape.channels
      // Channel g n + i of the input becomes channel i groups + g.
      return chosen(
        x, (0..<channels).map { $0 % groups * (channels / groups) + $0 / groups },
        axis: x.shape.count - 1)
    default: preconditionFailure("\(node.op.name) rearranges nothing")
    }
  }

  /// Places added to one axis of the graph's, or taken away from it.
  private func padded(_ x: Variable<Float>, _ padding: Padding, axis: Int) -> Variable<Float> {
    let (before, after) = (padding.before[axis], padding.after[axis])
    let length = x.shape[axis + 1]
    let places = (-before..<length + after).map { place in
      switch padding.mode {
      case .constant: place
      case .edge: min(max(place, 0), length - 1)
      case .reflect: place < 0 ? -place : place >= length ? 2 * (length - 1) - place : place
      }
    }
    let inside = places.filter { 0..<length ~= $0 }
    var y = chosen(x, inside, axis: axis + 1)
    guard case .constant(let value) = padding.mode, inside.count < places.count else { return y }
    func border(_ count: Int) -> [Variable<Float>] {
      guard count > 0 else { return [] }
      var shape = y.shape
      shape[axis + 1] = count
      return [bound.tape.constant(Tensor(shape: shape, repeating: value))]
    }
    y = .concatenated(border(before) + [y] + border(after), axis: axis + 1)
    return y
  }

  /// Some of the places of an axis, in the given order.
  private func chosen(_ x: Variable<Float>, _ indices: [Int], axis: Int) -> Variable<Float> {
    let length = x.shape[axis]
    if indices == Array(0..<length) { return x }
    let outer = x.shape[..<axis].reduce(1, *)
    let inner = x.shape[(axis + 1)...].reduce(1, *)
    let rows = (0..<outer).flatMap { place in indices.map { place * length + $0 } }
    var shape = x.shape
    shape[axis] = indices.count
    return x.reshaped(to: [outer * length, inner])
      .gathered(by: Segments(rows, count: outer * length)).reshaped(to: shape)
  }
}
