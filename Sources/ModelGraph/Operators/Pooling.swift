/// A pooling window.
public struct Pooling: Hashable, Sendable {
  /// Rows and columns of the window.
  public var kernel: Extent
  /// Steps between windows.
  public var strides: Extent
  /// The border around the input.
  public var pads: Pads
  /// Steps between a window's places.
  public var dilations: Extent
  /// Whether an average counts the border (ONNX `count_include_pad`).
  public var countsPads: Bool
  /// Whether a last, partial window counts (ONNX `ceil_mode`).
  public var roundsUp: Bool

  /// Rows and columns from the first to the last place of the window.
  public var window: Extent { kernel.spread(dilations) }

  /// A pooling window.
  public init(
    kernel: Extent, strides: Extent, pads: Pads = .none, dilations: Extent = .one,
    countsPads: Bool = false, roundsUp: Bool = false
  ) {
    self.kernel = kernel
    self.strides = strides
    self.pads = pads
    self.dilations = dilations
    self.countsPads = countsPads
    self.roundsUp = roundsUp
  }
}
