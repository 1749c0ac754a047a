internal import ModelGraph

/// How a model is read, as far as its file leaves it open: what an image becomes, which output is judged, which
/// class a folder of photographs is.
public struct ModelReading: Hashable, Sendable, Encodable, CustomStringConvertible {
  /// The model's input.
  public let input: Input
  /// The name of the output that is judged.
  public let output: String
  /// The names of all outputs.
  public let outputs: [String]
  /// How the classes of the data were found; nil unless they are folders.
  public let classes: String?

  /// How an image becomes the input: `(byte x scale - mean) / std`.
  public struct Input: Hashable, Sendable, Encodable {
    /// The extents, channels first if it is a feature map.
    public let shape: [Int]
    /// The order of the colours, `rgb` or `bgr`.
    public let channels: String
    /// How arrays store images, `nchw` or `nhwc`.
    public let layout: String
    /// The factor of bytes.
    public let scale: Float
    /// One value, or one a channel.
    public let mean: [Float]
    /// One value, or one a channel.
    public let std: [Float]
    /// Whether floats are scaled and normalised like bytes.
    public let scalesFloats: Bool
    /// Whether neither the file nor the user says it.
    public let isAssumed: Bool
  }

  /// How a model is read.
  ///
  /// - Parameter source: the data that it is to be used with, if there are any.
  /// - Throws: `FormatError` if folders of photographs cannot be classes of the model.
  public init(_ file: ModelFile, source: DataSource? = nil) throws(FormatError) {
    let (graph, input) = (file.model.graph, file.model.input)
    self.input = Input(
      shape: graph.inputShape.dimensions, channels: input.channels.rawValue,
      layout: input.layout.rawValue, scale: input.scale, mean: input.mean, std: input.deviation,
      scalesFloats: input.scalesFloats, isAssumed: !file.isInputTold)
    output = file.output
    outputs = file.outputs
    guard case .folder(let path, _, let order) = source else {
      classes = nil
      return
    }
    classes = try ClassFolders(
      in: path, order, count: graph.nodes[graph.output].shape.count, classes: file.model.classes
    ).summary
  }

  /// Whether there is something to tell: a part that neither the file nor the user has said.
  public var isAssumed: Bool { input.isAssumed || outputs.count > 1 || classes != nil }

  /// One line for the user.
  public var description: String {
    var parts = ["input \(Shape(input.shape))"]
    if input.shape.count == 3 {
      if input.shape[0] == 3 { parts[0] += " \(input.channels.uppercased())" }
      if input.layout != ImageLayout.channelsFirst.rawValue {
        parts[0] += ", arrays \(input.layout.uppercased())"
      }
    }
    var numbers = input.scale == 1 / 255 ? "byte / 255" : "byte x \(input.scale)"
    if input.scale == 1 { numbers = "byte" }
    if input.mean.contains(where: { $0 != 0 }) { numbers += " - \(Self.text(input.mean))" }
    if input.std.contains(where: { $0 != 1 }) {
      numbers = "(\(numbers)) / \(Self.text(input.std))"
    }
    parts.append(
      (input.scalesFloats ? "any number as " : "floats as they are, integers as ") + numbers
        + (input.isAssumed ? " (assumed: --scale, --mean, --std, --channels)" : ""))
    let others = outputs.filter { $0 != output }.map(\.quoted)
    if others.isEmpty {
      parts.append("output \(output.quoted)")
    } else {
      // A choice comes first, where no screen is too narrow for it.
      parts.insert(
        "output \(output.quoted), not \(others.joined(separator: ", ")) (--output)", at: 0)
    }
    if let classes { parts.append(classes) }
    return parts.joined(separator: "; ")
  }

  private static func text(_ values: [Float]) -> String {
    values.map { "\($0)" }.joined(separator: ",")
  }
}
