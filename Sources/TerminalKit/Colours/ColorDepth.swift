/// How many colours the terminal shows.
public enum ColorDepth: Int, Sendable, Comparable, CaseIterable {
  /// None: attributes only.
  case mono
  /// The 8 of ANSI.
  case ansi8
  /// The 8 of ANSI and their bright twins.
  case ansi16
  /// xterm's 256.
  case indexed256
  /// 24 bits.
  case truecolor

  /// Whether the left shows fewer colours than the right.
  public static func < (left: ColorDepth, right: ColorDepth) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The depth for a number of colours that a terminal description promises.
  ///
  /// A `NO_COLOR` that is not empty in the environment means mono (see no-color.org).
  public static func detect(colors: Int, environment: [String: String]) -> ColorDepth {
    if let value = environment["NO_COLOR"], !value.isEmpty { return .mono }
    return switch colors {
    case ..<8: .mono
    case ..<16: .ansi8
    case ..<256: .ansi16
    case ..<(1 << 24): .indexed256
    default: .truecolor
    }
  }
}
