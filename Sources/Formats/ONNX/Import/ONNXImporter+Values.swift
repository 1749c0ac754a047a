internal import ModelGraph

extension ONNXImporter {
  /// Adds a node; its value's extents are those of its shape and the batch.
  mutating func emit(
    _ name: String, _ op: Operator, _ inputs: [Value], batchAxis: Int?
  ) throws -> Value {
    try emit(name, op, inputs.map(\.node), batchAxis: batchAxis)
  }

  mutating func emit(
    _ name: String, _ op: Operator, _ inputs: [String], batchAxis: Int?
  ) throws -> Value {
    let node = try draft.add(name, op, inputs)
    var extents = draft[node].shape.dimensions
    if let batchAxis { extents.insert(1, at: batchAxis) }
    return Value(node: node, extents: extents, batchAxis: batchAxis)
  }

  /// The input of a node as an activation; a constant becomes a node of its own.
  mutating func activation(_ node: ONNXNode, _ place: Int = 0) throws -> Value {
    guard let name = node.input(place) else {
      throw Failure(reason: "lacks its input \(place + 1)")
    }
    switch bindings[name] {
    case .activation(let value): return value
    case .constant(let constant):
      let own = ONNXNames.isTelling(name) ? name : "constant"
      return Value(
        node: try constantNode(constant, name, of: own), extents: constant.shape, batchAxis: nil)
    case nil: throw Failure(reason: "reads \(name.quoted), which nothing yields")
    }
  }

  /// The constant that is an input of a node, or nil if it is left out.
  func constant(_ node: ONNXNode, _ place: Int) throws -> ONNXConstant? {
    guard let name = node.input(place) else { return nil }
    guard case .constant(let constant) = bindings[name] else {
      throw Failure(reason: "computes its input \(place + 1) from the image")
    }
    return constant
  }

  /// A small constant, read.
  func tensor(_ node: ONNXNode, _ place: Int) throws -> ONNXTensor? {
    try constant(node, place).map(values)
  }

  /// The values of a small constant; a hostile file could ask for any amount of memory.
  func values(_ constant: ONNXConstant) throws -> ONNXTensor {
    guard constant.count <= 1 << 20 else {
      throw Failure(reason: "reads a constant of \(constant.count) values, too many for that")
    }
    return try constant.read(from: source.file)
  }

  func integers(_ node: ONNXNode, _ place: Int) throws -> [Int]? {
    guard let tensor = try tensor(node, place) else { return nil }
    guard let integers = tensor.integers else {
      throw Failure(reason: "needs integers as its input \(place + 1)")
    }
    return integers
  }

  /// A constant input as a parameter of the node called `name`.
  mutating func parameter(
    _ node: ONNXNode, _ place: Int, of name: String, _ role: String
  ) throws -> (name: String, shape: [Int])? {
    guard let constant = try constant(node, place), let value = node.input(place) else {
      return nil
    }
    return parameter(constant, value, of: name, role)
  }

  mutating func parameter(
    _ constant: ONNXConstant, _ value: String, of name: String, _ role: String
  ) -> (name: String, shape: [Int]) {
    parameter(constant, value, called: value, of: name, role)
  }

  /// - Parameters:
  ///   - identity: equal for uses of the same values.
  ///   - value: what the file calls it.
  mutating func parameter(
    _ constant: ONNXConstant, _ identity: String, called value: String, of name: String,
    _ role: String
  ) -> (name: String, shape: [Int]) {
    let own = ONNXNames.given(value, constant) ?? "\(name).\(role)"
    return (draft.parameter(constant, identity: identity, name: own), constant.shape)
  }

  /// A constant as a node.
  mutating func constantNode(
    _ constant: ONNXConstant, _ value: String, of name: String, shape: [Int]? = nil
  ) throws -> String {
    let shape = shape ?? constant.shape
    // A reshaped use has a parameter of its own.
    let reshaped = constant.reshaped(to: shape)
    let known: ONNXConstant =
      constant.count == 1 ? .known(try values(reshaped)) : reshaped
    let parameter = parameter(known, value, of: name, "value").name
    let isNumber = constant.count == 1 && ONNXNames.given(value, constant) == nil
    let use = Constant(parameter, shape: Shape(shape), isLearned: !isNumber)
    if let node = constantNodes[use] { return node }
    let node = try draft.add(parameter, .constant(use), [])
    constantNodes[use] = node
    return node
  }

  // MARK: The batch

  /// A constant that repeats the same values for each image of a fixed batch, for one image.
  ///
  /// - Parameter axis: where the batch is.
  func ofOneImage(_ constant: ONNXConstant, axis: Int) throws -> ONNXConstant {
    guard source.batch > 1, constant.shape[axis] == source.batch,
      constant.count <= ConstantFolding.largestCount
    else { return constant }
    let tensor = try constant.read(from: source.file)
    let images = (0..<source.batch).map { image in
      tensor.selecting(
        tensor.shape.indices.map { $0 == axis ? [image] : Array(0..<tensor.shape[$0]) },
        shape: tensor.shape.indices.map { $0 == axis ? 1 : tensor.shape[$0] })
    }
    return images.allSatisfy { $0.floats == images[0].floats } ? .known(images[0]) : constant
  }

  /// The same value with nothing left out.
  mutating func whole(_ value: Value) throws -> Value {
    guard value.batchAxis != nil else { return value }
    return try emit("\(value.node).batch", .reshape(Shape(value.extents)), [value], batchAxis: nil)
  }

  /// The same value with `axis` left out.
  mutating func dropping(_ axis: Int, of value: Value) throws -> Value {
    guard value.batchAxis != axis else { return value }
    guard axis < value.rank, value.extents[axis] == 1 else {
      throw Failure(reason: "needs a batch on axis \(axis), its input is \(value.extents)")
    }
    return try reshaped(value, to: value.extents, batchAxis: axis, "\(value.node).sample")
  }

  /// Feature maps `[N, C, H, W]` as `[C, H, W]`; lines `[N, C, L]` as maps of one row.
  mutating func featureMap(
    _ node: ONNXNode, _ name: String
  ) throws -> (map: Value, isLine: Bool) {
    let value = try dropping(0, of: try activation(node))
    switch value.rank {
    case 4: return (value, false)
    case 3:
      let extents = [1, value.extents[1], 1, value.extents[2]]
      return (try reshaped(value, to: extents, batchAxis: 0, "\(name).map"), true)
    default:
      throw Failure(
        reason: "is computed in one or two dimensions only, its input is \(value.extents)")
    }
  }

  /// A map of one row as the line `[N, C, L]` that it stands for.
  mutating func line(_ value: Value, _ name: String) throws -> Value {
    try reshaped(
      value, to: [1, value.extents[1], value.extents[3]], batchAxis: 0, "\(name).line")
  }

  /// Throws if one of some axes is the batch's, unless the file has fixed that to one image.
  func checkWithinImages(_ axes: [Int], of value: Value) throws {
    guard let batch = value.batchAxis, axes.contains(batch), !source.isOfOneImage else { return }
    throw Failure(reason: "computes across the images of a batch")
  }

  /// An axis of a value as one of its node's shape; the whole value if it is the batch's.
  mutating func axis(_ number: Int, of value: inout Value) throws -> Int {
    let axis = try Rules.axis(number, rank: value.rank)
    guard let batch = value.batchAxis else { return axis }
    if axis == batch {
      value = try whole(value)
      return axis
    }
    return axis > batch ? axis - 1 : axis
  }

  /// Other extents for the same elements; nothing is computed if the node's shape stays.
  mutating func reshaped(
    _ value: Value, to extents: [Int], batchAxis: Int?, _ name: String
  ) throws -> Value {
    var shape = extents
    if let batchAxis { shape.remove(at: batchAxis) }
    guard shape != draft[value.node].shape.dimensions else {
      return Value(node: value.node, extents: extents, batchAxis: batchAxis)
    }
    let op: Operator = shape.count == 1 ? .flatten : .reshape(Shape(shape))
    return try emit(name, op, [value], batchAxis: batchAxis)
  }

  /// Where the batch is after a reshape: at an axis of extent 1 with as many elements before it, or at
  /// any axis of extent 1, as leaving it out changes no element's place.
  static func batchAxis(of value: Value, in extents: [Int]) -> Int? {
    let free = extents.indices.filter { extents[$0] == 1 }
    guard let batch = value.batchAxis else { return free.first }
    let before = value.extents[..<batch].reduce(1, *)
    return free.first { extents[..<$0].reduce(1, *) == before } ?? free.first
  }
}
