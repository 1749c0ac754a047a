/// A two-dimensional convolution; weight `[outputChannels, inputChannels / groups, kernel]`.
public struct Convolution: Hashable, Sendable {
  /// Filters.
  public var outputChannels: Int
  /// Rows and columns of each filter.
  public var kernel: Extent
  /// Steps between outputs.
  public var strides: Extent
  /// Zeros around the input.
  public var pads: Pads
  /// Steps between taps.
  public var dilations: Extent
  /// Independent groups of channels.
  public var groups: Int
  /// The weight's name in the parameters.
  public var weight: String
  /// The bias's name, if there is one.
  public var bias: String?

  /// A convolution; strides and dilations default to one, pads to none.
  public init(
    outputChannels: Int, kernel: Extent, strides: Extent = .one, pads: Pads = .none,
    dilations: Extent = .one, groups: Int = 1, weight: String, bias: String? = nil
  ) {
    self.outputChannels = outputChannels
    self.kernel = kernel
    self.strides = strides
    self.pads = pads
    self.dilations = dilations
    self.groups = groups
    self.weight = weight
    self.bias = bias
  }
}
