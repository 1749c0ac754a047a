/// The attributes sent to the terminal for a cell: colours it has, and attributes.
public struct ResolvedStyle: Hashable, Sendable {
  /// The colour of the character.
  public var foreground: ResolvedColor
  /// The colour behind it.
  public var background: ResolvedColor
  /// Bold, dim, reverse, underline, italic.
  public var attributes: Attributes

  /// With eight colours, bold stands for bright, and dim for the bright black that would be invisible.
  fileprivate mutating func replaceBright(_ wanted: ResolvedColor) {
    guard case .ansi(let index) = wanted, (8..<16).contains(index) else { return }
    if index == 8 {
      foreground = .terminal
      attributes.formUnion(.dim)
    } else {
      attributes.formUnion(.bold)
    }
  }
}

extension Theme {
  /// The style as a terminal of that depth can show it.
  ///
  /// Where the theme has no colour for the selection, and where there are no colours at all, roles are
  /// told by attributes: the selection is reversed, muted is dim, bad is underlined.
  public func resolve(_ style: Style, depth: ColorDepth) -> ResolvedStyle {
    var result = ResolvedStyle(
      foreground: foreground(of: style).reduced(to: depth),
      background: color(style.background, default: .background).reduced(to: depth),
      attributes: style.attributes)
    if depth == .ansi8 { result.replaceBright(color(style.foreground, default: .text)) }
    let reverses = depth == .mono || self.color(for: .selection) == .terminal
    if style.background == .palette(.selection), reverses {
      result.background = color(.terminalDefault, default: .background).reduced(to: depth)
      result.attributes.formUnion(.reverse)
      // In one colour: reversed, every other one would be a block of its own.
      result.foreground = color(.terminalDefault, default: .text).reduced(to: depth)
    }
    if depth == .mono {
      result.attributes.formUnion(Theme.attributes(inPlaceOf: style.foreground))
    }
    if result.foreground == result.background, result.foreground != .terminal {
      result.foreground = contrasting(style.background, depth: depth)
    }
    return result
  }

  /// The colour of the character, moved towards that of text where the selection lies behind it.
  private func foreground(of style: Style) -> ResolvedColor {
    let wanted = color(style.foreground, default: .text)
    guard style.background == .palette(.selection), case .rgb(let front) = wanted,
      case .rgb(let behind) = color(for: .selection), case .rgb(let text) = color(for: .text)
    else { return wanted }
    return .rgb(front.legible(on: behind, towards: text, ratio: 4.5))
  }

  /// Black or white, whichever can be read where two colours fell together.
  private func contrasting(_ background: Color, depth: ColorDepth) -> ResolvedColor {
    let behind: RGB =
      switch color(background, default: .background) {
      case .rgb(let color): color
      case .ansi(let index): XtermPalette.color(at: index)
      case .terminal: RGB(0, 0, 0)
      }
    let light = depth == .ansi8 ? UInt8(7) : 15
    return .ansi(behind.luminance > 0.18 ? 0 : light)
  }

  private static func attributes(inPlaceOf color: Color) -> Attributes {
    guard case .palette(let role) = color else { return [] }
    return switch role {
    case .muted, .border: .dim
    case .accent, .title, .good, .warning: .bold
    case .bad: [.bold, .underline]
    default: []
    }
  }
}
