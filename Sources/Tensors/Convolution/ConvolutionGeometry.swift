public import ModelGraph

/// How a convolution's windows lie in its input; activations are channels last, [N, H, W, C], and
/// weights as in PyTorch and ONNX, [K, C / groups, rows, columns].
public struct ConvolutionGeometry: Hashable, Sendable {
  /// Steps between windows.
  public var strides: Extent
  /// Zeros around the input.
  public var pads: Pads
  /// Steps between taps.
  public var dilations: Extent
  /// Independent groups of channels.
  public var groups: Int

  /// Windows with the given steps; every pixel and no border by default.
  public init(
    strides: Extent = .one, pads: Pads = .none, dilations: Extent = .one, groups: Int = 1
  ) {
    self.strides = strides
    self.pads = pads
    self.dilations = dilations
    self.groups = groups
  }
}

/// All extents of one convolution, checked against each other.
public struct ConvolutionShape: Hashable, Sendable {
  let geometry: ConvolutionGeometry
  let images: Int
  let input: Extent
  let output: Extent
  let kernel: Extent
  /// Channels of the input and the output.
  let channels: Int
  let filters: Int

  var groups: Int { geometry.groups }
  /// Channels that one filter reads, and filters of one group.
  var groupChannels: Int { channels / groups }
  var groupFilters: Int { filters / groups }
  var inputShape: [Int] { [images, input.height, input.width, channels] }
  var outputShape: [Int] { [images, output.height, output.width, filters] }
  var weightShape: [Int] { [filters, groupChannels, kernel.height, kernel.width] }
  /// Each channel has one filter of its own.
  var isDepthwise: Bool { groups == channels && groups == filters && groups > 1 }

  init(input: [Int], weight: [Int], _ geometry: ConvolutionGeometry) {
    precondition(
      input.count == 4 && weight.count == 4 && geometry.groups > 0
        && input[3] == weight[1] * geometry.groups && weight[0] % geometry.groups == 0,
      "a weight of \(weight) does not convolve \(input) in \(geometry.groups) groups")
    self.geometry = geometry
    images = input[0]
    self.input = Extent(input[1], input[2])
    kernel = Extent(weight[2], weight[3])
    channels = input[3]
    filters = weight[0]
    let window = kernel.spread(geometry.dilations)
    let (pads, strides) = (geometry.pads, geometry.strides)
    output = Extent(
      (self.input.height + pads.top + pads.bottom - window.height) / strides.height + 1,
      (self.input.width + pads.left + pads.right - window.width) / strides.width + 1)
    precondition(
      self.input.height + pads.top + pads.bottom >= window.height
        && self.input.width + pads.left + pads.right >= window.width,
      "the window \(window) is larger than the padded input")
  }

  /// The input's row that tap row `tap` of output row `y` reads, which may lie outside.
  func row(_ y: Int, tap: Int) -> Int {
    y * geometry.strides.height + tap * geometry.dilations.height - geometry.pads.top
  }

  /// Likewise the column.
  func column(_ x: Int, tap: Int) -> Int {
    x * geometry.strides.width + tap * geometry.dilations.width - geometry.pads.left
  }
}
