/// How characters are drawn: colours and attributes (ECMA-48 SGR).
public struct Pen: Hashable, Sendable {
  /// A colour.
  public enum Color: Hashable, Sendable {
    /// The terminal's own.
    case standard
    /// One of 256.
    case indexed(Int)
    /// 0xRRGGBB.
    case rgb(Int)
  }

  /// An attribute.
  public enum Attribute: Int, Hashable, Sendable {
    case bold = 1
    case dim, italic, underline, blink
    case reverse = 7
    case hidden, struck
  }

  /// The colour of the characters.
  public var foreground = Color.standard
  /// The colour behind them.
  public var background = Color.standard
  /// The attributes.
  public var attributes: Set<Attribute> = []

  /// The terminal's own colours.
  public init() {}

  /// Follows an SGR sequence; returns whether all of it is known.
  mutating func follow(_ sequence: ControlSequence) -> Bool {
    var rest = sequence.parameters[...]
    if rest.isEmpty { rest = [[0]] }
    while let parameter = rest.popFirst() {
      let number = parameter.first.flatMap { $0 } ?? 0
      switch number {
      case 0: self = Pen()
      case 1...9 where number != 6:
        if let attribute = Attribute(rawValue: number) { attributes.insert(attribute) }
      case 10: break
      case 22: attributes.subtract([.bold, .dim])
      case 23, 24, 25, 27, 28, 29:
        if let attribute = Attribute(rawValue: number - 20) { attributes.remove(attribute) }
      case 30...37: foreground = .indexed(number - 30)
      case 40...47: background = .indexed(number - 40)
      case 90...97: foreground = .indexed(number - 82)
      case 100...107: background = .indexed(number - 92)
      case 39: foreground = .standard
      case 49: background = .standard
      case 38, 48:
        guard let color = Self.color(Array(parameter.dropFirst()), &rest) else { return false }
        if number == 38 { foreground = color } else { background = color }
      default: return false
      }
    }
    return true
  }

  /// `38:5:n`, `38:2::r:g:b`, or the same with semicolons.
  private static func color(_ parts: [Int?], _ rest: inout ArraySlice<[Int?]>) -> Color? {
    var values = parts.compactMap { $0 }
    if parts.isEmpty {
      guard let kind = rest.popFirst()?.first.flatMap({ $0 }) else { return nil }
      values = [kind]
      for _ in 0..<(kind == 5 ? 1 : 3) {
        guard let value = rest.popFirst()?.first else { return nil }
        values.append(value ?? 0)
      }
    }
    if values.count == 2, values[0] == 5 { return .indexed(values[1]) }
    guard values.count >= 4, values[0] == 2 else { return nil }
    return .rgb(values.suffix(3).reduce(0) { $0 << 8 | $1 & 0xFF })
  }
}
