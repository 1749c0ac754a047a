public import ArgumentParser
public import Formats
public import Patterns

/// The options that decide the menus.
public struct MenuOptions: ParsableArguments {
  /// The engine that is to run the result.
  @Option(
    help: "What is to run the result, which decides the menus: native, onnx, openvino or tensorrt.")
  public var engine: TargetEngine = .native

  /// Which filters have one mask.
  @Option(
    help: ArgumentHelp(
      "Which filters have one mask of taps: block (8 of them, which kernels compute together), block-16, "
        + "filter (each has its own), or a number: at most so many masks a layer; by default what the "
        + "strategy says, otherwise block.", valueName: "who"
    ))
  public var sharing: MaskSharing?

  @Option(
    help: ArgumentHelp(
      "A pattern library to choose from in place of the one that the program ships.",
      valueName: "patterns.json"))
  var patterns: String?

  /// The shipped library for the native engine.
  public init() {}

  /// The patterns to choose from.
  /// - Throws: `FormatError` if the file that was named is no pattern library.
  public func library() throws(FormatError) -> PatternLibrary {
    guard let patterns else { return .standard }
    return try PatternLibrary.read(at: patterns)
  }
}

extension TargetEngine: ExpressibleByArgument {}
extension MaskSharing: ExpressibleByArgument {}
