extension ConstantFolding {
  /// The function of a reduction over the values along its axes.
  enum Reduction: Sendable {
    case sum, mean, product, least, most
  }

  /// The reductions by name.
  static let reductions: [String: Reduction] = [
    "ReduceSum": .sum, "ReduceMean": .mean, "ReduceProd": .product, "ReduceMin": .least,
    "ReduceMax": .most,
  ]

  func reduced(_ reduction: Reduction) throws -> ONNXTensor {
    let source = try tensor(0)
    let rank = source.shape.count
    let wanted = try node.integers("axes") ?? optionalIntegers(1) ?? []
    if wanted.isEmpty, try node.integer("noop_with_empty_axes") == 1 { return source }
    let axes = Set(try Rules.axes(wanted.isEmpty ? Array(0..<rank) : wanted, rank: rank))
    let kept = (0..<rank).filter { !axes.contains($0) }
    // The reduced axes last, so that what is reduced stands together.
    let rows = source.transposed(kept + axes.sorted())
    let outer = kept.reduce(1) { $0 * source.shape[$1] }
    let width = axes.reduce(1) { $0 * source.shape[$1] }
    let keeps = try node.integer("keepdims") ?? 1 == 1
    let shape =
      keeps
      ? source.shape.indices.map { axes.contains($0) ? 1 : source.shape[$0] }
      : kept.map { source.shape[$0] }
    if let integers = rows.integers {
      return ONNXTensor(
        try (0..<outer).map { try reduction.value(integers[$0 * width..<($0 + 1) * width]) },
        shape: shape)
    }
    let floats = rows.floats
    return ONNXTensor(
      try (0..<outer).map { try reduction.value(floats[$0 * width..<($0 + 1) * width]) },
      shape: shape)
  }
}

extension ConstantFolding.Reduction {
  private var ofNothing: ConstantFolding.Failure { .init(reason: "reduces nothing") }

  fileprivate func value(_ row: ArraySlice<Int>) throws -> Int {
    switch self {
    case .sum: return row.reduce(0, &+)
    case .product: return row.reduce(1, &*)
    case .mean:
      guard !row.isEmpty else { throw ofNothing }
      return row.reduce(0, &+) / row.count
    case .least, .most:
      guard let value = self == .least ? row.min() : row.max() else { throw ofNothing }
      return value
    }
  }

  fileprivate func value(_ row: ArraySlice<Float>) throws -> Float {
    switch self {
    case .sum: return Float(row.reduce(0.0) { $0 + Double($1) })
    case .product: return Float(row.reduce(1.0) { $0 * Double($1) })
    case .mean: return Float(row.reduce(0.0) { $0 + Double($1) } / Double(row.count))
    case .least: return row.reduce(.infinity) { min($0, $1) }
    case .most: return row.reduce(-.infinity) { max($0, $1) }
    }
  }
}
