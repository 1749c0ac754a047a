extension Terminal {
  /// How the terminal is used.
  public struct Options: Sendable {
    /// The colours of the roles.
    public var theme: Theme
    /// Fewer colours than the terminal has; nil for all it has.
    public var depth: ColorDepth?
    /// Whether the mouse is reported.
    public var usesMouse: Bool
    /// The environment: `TERM`, `COLORTERM`, `NO_COLOR`.
    public var environment: [String: String]
    /// The characters that frames are drawn with.
    public var glyphs: GlyphSet

    /// Makes options; left out, the terminal is used as it is.
    public init(
      theme: Theme = .default, depth: ColorDepth? = nil, usesMouse: Bool = true,
      environment: [String: String], glyphs: GlyphSet = .ascii
    ) {
      self.theme = theme
      self.depth = depth
      self.usesMouse = usesMouse
      self.environment = environment
      self.glyphs = glyphs
    }
  }
}
