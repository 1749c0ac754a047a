/// A dense array of numbers with a shape, stored contiguously in row-major order.
///
/// A tensor is a value: copies share storage until one of them is written to. The empty shape `[]` is a
/// single number.
public struct Tensor<Scalar: TensorScalar>: Sendable, Equatable {
  /// The length of each axis, outermost first.
  public let shape: [Int]
  /// All elements, the last axis running fastest.
  public internal(set) var scalars: [Scalar]

  /// Creates a tensor of `shape` from its elements in row-major order.
  public init(shape: [Int], scalars: [Scalar]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == scalars.count,
      "a tensor of shape \(shape) cannot hold \(scalars.count) scalars")
    self.shape = shape
    self.scalars = scalars
  }

  /// Creates a tensor of `shape` whose elements all equal `value`.
  public init(shape: [Int], repeating value: Scalar) {
    self.init(shape: shape, scalars: Array(repeating: value, count: shape.reduce(1, *)))
  }

  /// Creates a tensor of shape `[]`.
  public init(_ value: Scalar) {
    self.init(shape: [], scalars: [value])
  }

  /// Creates a tensor whose elements `fill` writes; it must write every one of them.
  init(shape: [Int], fill: (UnsafeMutableBufferPointer<Scalar>) -> Void) {
    let count = shape.reduce(1, *)
    self.init(
      shape: shape,
      scalars: Array(unsafeUninitializedCapacity: count) { buffer, initialized in
        fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        initialized = count
      })
  }

  /// The number of axes.
  public var rank: Int { shape.count }

  /// The number of elements.
  public var count: Int { scalars.count }

  /// The only element of a tensor that has just one.
  public var scalar: Scalar {
    precondition(count == 1, "a tensor of shape \(shape) is not a single number")
    return scalars[0]
  }

  /// The same elements under another shape. Complexity: O(1), storage is shared.
  public func reshaped(to shape: [Int]) -> Tensor {
    Tensor(shape: shape, scalars: scalars)
  }

  /// The number of rows when all axes but the last are taken as one. A tensor of shape `[]` has one row.
  var rowCount: Int { shape.dropLast().reduce(1, *) }

  /// The length of the last axis; 1 for the shape `[]`.
  var rowLength: Int { shape.last ?? 1 }
}
