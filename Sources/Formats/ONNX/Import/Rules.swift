/// ONNX's rules for axes and shapes, the same for constants and activations.
enum Rules {
  typealias Failure = ConstantFolding.Failure

  /// An axis counted from the front.
  static func axis(_ axis: Int, rank: Int) throws -> Int {
    guard (-rank..<rank).contains(axis) else {
      throw Failure(reason: "names axis \(axis) of \(rank)")
    }
    return axis < 0 ? axis + rank : axis
  }

  static func axes(_ axes: [Int], rank: Int) throws -> [Int] {
    let result = try axes.map { try axis($0, rank: rank) }
    guard Set(result).count == result.count else {
      throw Failure(reason: "names an axis twice: \(axes)")
    }
    return result
  }

  /// The number of values of a shape that is about to be filled.
  static func count(_ shape: [Int]) throws -> Int {
    guard shape.count <= 8, shape.allSatisfy({ $0 >= 0 }),
      shape.reduce(1.0, { $0 * Double($1) }) <= Double(ConstantFolding.largestCount)
    else { throw Failure(reason: "yields a shape \(shape.prefix(8)) that cannot be") }
    return shape.reduce(1, *)
  }

  /// Whether a graph may have an activation of that shape.
  static func isPossible(_ extents: [Int]) -> Bool {
    extents.count <= 8 && extents.allSatisfy { (1...1 << 20).contains($0) }
      && extents.reduce(1.0, { $0 * Double($1) }) <= Double(1 << 31)
  }

  static func broadcast(_ first: [Int], _ second: [Int]) throws -> [Int] {
    let rank = max(first.count, second.count)
    func padded(_ shape: [Int]) -> [Int] {
      [Int](repeating: 1, count: rank - shape.count) + shape
    }
    return try zip(padded(first), padded(second)).map { first, second in
      guard first == second || first == 1 || second == 1 else {
        throw Failure(reason: "broadcasts extents \(first) and \(second)")
      }
      return first == 1 ? second : first
    }
  }

  /// `Reshape`: 0 keeps an extent, -1 is what is left.
  static func reshaped(
    _ shape: [Int], to wanted: [Int], keepsZeros: Bool = false
  ) throws -> [Int] {
    let failure = Failure(reason: "reshapes \(shape) to \(wanted.prefix(8))")
    guard wanted.count <= 8 else { throw failure }
    var result = wanted
    for (axis, extent) in wanted.enumerated() where extent == 0 && !keepsZeros {
      guard axis < shape.count else { throw failure }
      result[axis] = shape[axis]
    }
    let free = result.indices.filter { result[$0] == -1 }
    let rest = result.filter { $0 != -1 }
    guard free.count <= 1, rest.allSatisfy({ $0 >= 0 }) else { throw failure }
    let count = shape.reduce(1, *)
    var known = 1
    for extent in rest {
      let (product, overflows) = known.multipliedReportingOverflow(by: extent)
      guard !overflows else { throw failure }
      known = product
    }
    if let axis = free.first {
      guard known > 0, count.isMultiple(of: known) else { throw failure }
      result[axis] = count / known
    } else if known != count {
      throw failure
    }
    return result
  }

  /// A `Reshape` that is written for a batch of fixed size, for a batch of one.
  ///
  /// - Parameters:
  ///   - shape: what is reshaped, for one image.
  ///   - batchAxis: its axis of the batch, nil if that is part of another.
  static func ofOneImage(
    _ wanted: [Int], for shape: [Int], batchAxis: Int?, batch: Int
  ) -> [Int] {
    let kept = wanted.enumerated().map { axis, extent in
      extent == 0 && axis < shape.count ? shape[axis] : extent
    }
    guard batch > 1, kept.allSatisfy({ $0 == -1 || (1...1 << 20).contains($0) }),
      kept.count <= 8
    else { return wanted }
    // The batch is a part of the axis on which it begins.
    let before = shape[..<(batchAxis ?? 0)].reduce(1, *)
    var product = 1.0
    let place = kept.firstIndex { extent in
      product *= Double(extent)
      return extent == -1 || product > Double(before)
    }
    let isWhole = !kept.contains(-1)
    let count = kept.reduce(1.0) { $0 * Double($1) }
    let isTooMuch = count == Double(batch) * shape.reduce(1.0) { $0 * Double($1) }
    if isWhole && !isTooMuch { return wanted }
    if !isWhole, let batchAxis, kept.indices.contains(batchAxis), kept[batchAxis] == 1 {
      return wanted
    }
    let isDivisible = { (axis: Int) in kept[axis] > 0 && kept[axis].isMultiple(of: batch) }
    let axis =
      place.flatMap { isDivisible($0) ? $0 : nil } ?? (isWhole ? kept.firstIndex(of: batch) : nil)
    guard let axis else { return wanted }
    var result = wanted
    result[axis] = kept[axis] / batch
    return result
  }

  static func flattened(_ shape: [Int], axis: Int) throws -> [Int] {
    let axis = axis == shape.count ? axis : try self.axis(axis, rank: shape.count)
    return [shape[..<axis].reduce(1, *), shape[axis...].reduce(1, *)]
  }

  static func squeezed(_ shape: [Int], axes: [Int]?) throws -> [Int] {
    let gone =
      try axes.map { try self.axes($0, rank: shape.count) }
      ?? shape.indices.filter { shape[$0] == 1 }
    guard gone.allSatisfy({ shape[$0] == 1 }) else {
      throw Failure(reason: "squeezes axes \(gone) of \(shape)")
    }
    return shape.indices.filter { !gone.contains($0) }.map { shape[$0] }
  }

  static func unsqueezed(_ shape: [Int], axes: [Int]) throws -> [Int] {
    let rank = shape.count + axes.count
    let added = Set(try self.axes(axes, rank: rank))
    var rest = shape[...]
    return (0..<rank).map { added.contains($0) ? 1 : rest.removeFirst() }
  }

  /// `Split`: the extents of the parts; equal ones, the last smaller, unless they are given.
  static func split(_ extent: Int, into count: Int, sizes: [Int]?) throws -> [Int] {
    let parts = max(count, 1)
    let each = (extent + parts - 1) / parts
    let sizes = sizes ?? (0..<parts).map { min(each, extent - $0 * each) }
    guard sizes.count == parts, sizes.allSatisfy({ (0...extent).contains($0) }),
      sizes.reduce(0, +) == extent
    else { throw Failure(reason: "splits \(extent) into \(sizes.prefix(8))") }
    return sizes
  }

  /// Where the elements stand that each row of `indices` names by the first `depth` axes, those axes joined.
  static func places(_ indices: [Int], depth: Int, in shape: [Int]) throws -> [Int] {
    try stride(from: 0, to: indices.count, by: max(depth, 1)).map { row in
      try (0..<depth).reduce(0) { place, axis in
        let (extent, index) = (shape[axis], indices[row + axis])
        guard (-extent..<extent).contains(index) else {
          throw Failure(reason: "names index \(index) of an axis of \(extent)")
        }
        return place * extent + (index < 0 ? index + extent : index)
      }
    }
  }

  /// A part of an axis.
  struct Part {
    var start: Int
    var count: Int
    var step: Int
  }

  /// `Slice`: the part of each axis, bounds clamped as numpy does.
  static func slice(
    _ shape: [Int], starts: [Int], ends: [Int], axes: [Int]?, steps: [Int]?
  ) throws -> [Part] {
    var parts = shape.map { Part(start: 0, count: $0, step: 1) }
    let axes = try self.axes(axes ?? Array(starts.indices), rank: shape.count)
    let steps = steps ?? starts.map { _ in 1 }
    guard starts.count == axes.count, ends.count == axes.count, steps.count == axes.count else {
      throw Failure(reason: "has \(starts.count) starts for \(axes.count) axes")
    }
    for (place, axis) in axes.enumerated() {
      let (extent, step) = (shape[axis], steps[place])
      guard step != 0, step != .min else { throw Failure(reason: "has a step of \(step)") }
      func bound(_ value: Int, _ low: Int, _ high: Int) -> Int {
        min(max(value < 0 ? value + extent : value, low), high)
      }
      let start = step > 0 ? bound(starts[place], 0, extent) : bound(starts[place], -1, extent - 1)
      let end = step > 0 ? bound(ends[place], 0, extent) : bound(ends[place], -1, extent - 1)
      let span = step > 0 ? end - start : start - end
      parts[axis] = Part(
        start: start, count: span <= 0 ? 0 : (span - 1) / step.magnitude.asInt + 1, step: step)
    }
    return parts
  }
}

extension UInt {
  fileprivate var asInt: Int { Int(clamping: self) }
}
