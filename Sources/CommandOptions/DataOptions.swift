public import ArgumentParser
public import Formats
public import ModelGraph

/// Where images come from and how they become the model's input.
public struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Images to use in place of those that the model names: an .npz, CIFAR's .bin, IDX or NPY files, or a "
        + "folder with a folder of photographs for each class.", valueName: "path"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Images, likewise, whose statistics correct a pruned model; never those that judge it.",
      valueName: "path"))
  var calibration: String?

  @Option(
    help: ArgumentHelp(
      "How photographs are fitted: crop (as torchvision does), stretch, or the shorter side in pixels.",
      valueName: "how"))
  var resize: ImageFitting = .standardCrop

  @Option(
    help: ArgumentHelp(
      "What bytes are multiplied with: input = (byte x scale - mean) / std. An ONNX file does not say it.",
      valueName: "number"))
  var scale: Float?

  @Option(
    help: ArgumentHelp("One number, or one a channel: 0.485,0.456,0.406.", valueName: "numbers"))
  var mean: Numbers?

  @Option(help: ArgumentHelp("One number, or one a channel.", valueName: "numbers"))
  var std: Numbers?

  @Option(
    help: ArgumentHelp(
      "The order of the colours that the model reads, rgb or bgr (Caffe's models), to which images are brought; "
        + "--mean and --std have it, too.", valueName: "order"))
  var channels: ChannelOrder?

  @Option(
    help: ArgumentHelp(
      "How arrays store images where their extents do not tell: nchw or nhwc.", valueName: "layout")
  )
  var layout: ImageLayout?

  @Flag(
    help: "Scale and normalise arrays of floats like bytes, in place of taking them as they are.")
  var scaleFloats = false

  @Option(
    help: ArgumentHelp(
      "Which class a folder of photographs is: its place among the names (as in torchvision), or numbers: the one "
        + "it is called; by default the model's of that name, the number if some are missing, otherwise the place.",
      valueName: "names|numbers"))
  var classOrder: ClassOrder = .usual

  /// Which output of the model is used.
  @Option(
    help: ArgumentHelp(
      "The output to use of a model that has several; by default the one called logits, otherwise the first.",
      valueName: "name"))
  public var output: String?

  /// As every command needs them.
  public init() {}

  /// Whether they leave images and input as they are.
  public var leaveEverything: Bool {
    data == nil && calibration == nil && scale == nil && mean == nil && std == nil
      && channels == nil && layout == nil && !scaleFloats
  }

  /// Checks what the parser cannot.
  public func validate() throws {
    if let scale, !scale.isFinite || scale <= 0 {
      throw ValidationError("--scale must be a positive number, not \(scale)")
    }
    if let std, !std.values.allSatisfy({ $0 > 0 }) {
      throw ValidationError("--std must be positive")
    }
  }

  /// A model with these images for a split, and with this description of its input.
  /// - Throws: `FormatError` if the path holds no data, or the numbers do not suit the channels.
  public func applied(to file: ModelFile, split: Split) throws -> ModelFile {
    var file = file
    if let data {
      file = file.replacingData(
        try DataSource.recognised(at: data, fitting: resize, order: classOrder), of: split)
    }
    if let calibration {
      let source = try DataSource.recognised(
        at: calibration, fitting: resize, order: classOrder)
      file = file.replacingData(source, of: .calibration)
    }
    guard
      scale != nil || mean != nil || std != nil || channels != nil || layout != nil || scaleFloats
    else { return file }
    var input = file.model.input
    if let channels { input.channels = channels }
    if let layout { input.layout = layout }
    if scaleFloats { input.scalesFloats = true }
    if let scale { input.scale = scale }
    if let mean { input.mean = mean.values }
    if let std { input.deviation = std.values }
    // One value for all channels where only the other is given for each.
    let count = max(input.mean.count, input.deviation.count)
    if input.mean.count == 1 { input.mean = [Float](repeating: input.mean[0], count: count) }
    if input.deviation.count == 1 {
      input.deviation = [Float](repeating: input.deviation[0], count: count)
    }
    return try file.replacingInput(input)
  }
}

/// Numbers with commas between.
public struct Numbers: ExpressibleByArgument, Sendable {
  /// At least one.
  public let values: [Float]

  /// From the argument's text.
  public init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    values = parts.compactMap { Float($0) }.filter(\.isFinite)
    guard !values.isEmpty, values.count == parts.count else { return nil }
  }
}

extension ChannelOrder: ExpressibleByArgument {}
extension ImageLayout: ExpressibleByArgument {}
extension ClassOrder: ExpressibleByArgument {}

extension ImageFitting: ExpressibleByArgument {
  /// From the argument's text.
  public init?(argument: String) { self.init(argument) }
}
