/// How an image becomes the input of a network: its channel c is `(byte * scale - mean[c]) / deviation[c]`.
public struct InputDescription: Hashable, Sendable, Codable {
  /// Usually 1/255.
  public var scale: Float
  /// One value, or one for each channel of the input.
  public var mean: [Float]
  /// One value, or one for each channel of the input.
  public var deviation: [Float]
  /// Which colour the first channel of the input is.
  public var channels: ChannelOrder
  /// How arrays of images store them; the graph itself is always `[C, H, W]`.
  public var layout: ImageLayout
  /// Whether floats are scaled and normalised as bytes are, in place of being taken as they are.
  public var scalesFloats: Bool

  /// A description of the input.
  public init(
    scale: Float = 1 / 255, mean: [Float] = [0], deviation: [Float] = [1],
    channels: ChannelOrder = .rgb, layout: ImageLayout = .channelsFirst,
    scalesFloats: Bool = false
  ) {
    self.scale = scale
    self.mean = mean
    self.deviation = deviation
    self.channels = channels
    self.layout = layout
    self.scalesFloats = scalesFloats
  }
}

extension InputDescription {
  /// The extents of an image of the given shape as arrays store it: `[H, W, C]` for a feature map whose
  /// channels come last.
  public func storedExtents(of shape: Shape) -> [Int] {
    storesChannelsLast(shape)
      ? [shape.height, shape.width, shape.channels] : shape.dimensions
  }

  /// Whether arrays store images of the given shape otherwise than the graph.
  public func storesChannelsLast(_ shape: Shape) -> Bool {
    layout == .channelsLast && shape.isFeatureMap
  }
}

extension InputDescription {
  /// The value that a number of an image becomes in a channel of the input.
  public func value(of number: Float, channel: Int) -> Float {
    let mean = self.mean[self.mean.count == 1 ? 0 : channel]
    let deviation = self.deviation[self.deviation.count == 1 ? 0 : channel]
    return (number * scale - mean) / deviation
  }
}

/// The order of the colours in a network's input; images are red, green, blue.
public enum ChannelOrder: String, CaseIterable, Hashable, Sendable, Codable {
  /// As in images.
  case rgb
  /// Blue first, as OpenCV reads and Caffe's models expect: images are turned round.
  case bgr
}

/// Where the channels of an image are in an array.
public enum ImageLayout: String, CaseIterable, Hashable, Sendable, Codable {
  /// `[N, C, H, W]`, as PyTorch has it.
  case channelsFirst = "nchw"
  /// `[N, H, W, C]`, as TensorFlow has it.
  case channelsLast = "nhwc"
}
