/// A part of each axis: `starts[a]`, `starts[a] + steps[a]`, ... as many as `counts[a]`.
public struct Slice: Hashable, Sendable {
  /// The first index of each axis.
  public var starts: [Int]
  /// How many indices of each axis are kept.
  public var counts: [Int]
  /// The distance between them; negative ones go backwards.
  public var steps: [Int]

  /// A part of each axis; steps default to one.
  public init(starts: [Int], counts: [Int], steps: [Int]? = nil) {
    self.starts = starts
    self.counts = counts
    self.steps = steps ?? starts.map { _ in 1 }
  }
}

/// Chosen indices of one axis, in any order; the axis is replaced by the extents of `indicesShape`.
public struct Gather: Hashable, Sendable {
  /// The axis that is indexed.
  public var axis: Int
  /// Where each output stands along the axis, not negative.
  public var indices: [Int]
  /// The extents that replace the axis: `[]` for a single index, which drops it.
  public var indicesShape: [Int]

  /// Chosen indices of an axis.
  public init(axis: Int, indices: [Int], indicesShape: [Int]) {
    self.axis = axis
    self.indices = indices
    self.indicesShape = indicesShape
  }
}

/// Values added around an activation; negative amounts take values away.
public struct Padding: Hashable, Sendable {
  /// The value of the new places.
  public enum Mode: Hashable, Sendable {
    /// One value.
    case constant(Float)
    /// The values mirrored at the border, which is not repeated.
    case reflect
    /// The value at the border.
    case edge
  }

  /// Places before the first of each axis.
  public var before: [Int]
  /// Places behind the last of each axis.
  public var after: [Int]
  /// The contents.
  public var mode: Mode

  /// Values around an activation.
  public init(before: [Int], after: [Int], mode: Mode = .constant(0)) {
    self.before = before
    self.after = after
    self.mode = mode
  }
}

/// A feature map brought to another height and width (ONNX `Resize`, without antialiasing).
public struct Resize: Hashable, Sendable {
  /// How a value between pixels is found.
  public enum Mode: Hashable, Sendable {
    /// The nearest pixel, a tie or fraction decided by the rounding.
    case nearest(Rounding)
    /// Linear in both directions.
    case linear
  }

  /// ONNX `nearest_mode`.
  public enum Rounding: String, CaseIterable, Hashable, Sendable {
    case roundPreferFloor = "round_prefer_floor"
    case roundPreferCeil = "round_prefer_ceil"
    case floor
    case ceil
  }

  /// Where an output pixel lies in the input (ONNX `coordinate_transformation_mode`).
  public enum Coordinates: String, CaseIterable, Hashable, Sendable {
    case halfPixel = "half_pixel"
    case pytorchHalfPixel = "pytorch_half_pixel"
    case alignCorners = "align_corners"
    case asymmetric
  }

  /// How a value between pixels is found.
  public var mode: Mode
  /// Where an output pixel lies in the input.
  public var coordinates: Coordinates
  /// The height and width of the output.
  public var size: Extent
  /// Output pixels per input pixel, rows and columns; where not given, the ratio of the sizes.
  public var scales: Scales?

  /// Output pixels per input pixel.
  public struct Scales: Hashable, Sendable {
    /// Of rows.
    public var height: Float
    /// Of columns.
    public var width: Float

    /// Scales of rows and columns.
    public init(height: Float, width: Float) {
      self.height = height
      self.width = width
    }
  }

  /// A resize to `size`.
  public init(
    mode: Mode, coordinates: Coordinates = .halfPixel, size: Extent, scales: Scales? = nil
  ) {
    self.mode = mode
    self.coordinates = coordinates
    self.size = size
    self.scales = scales
  }
}
