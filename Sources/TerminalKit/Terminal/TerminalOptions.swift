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
    /// Whether characters beyond ASCII are sent even if the locale is not UTF-8.
    public var forcesUTF8: Bool

    /// Makes options; left out, the terminal is used as it is.
    public init(
      theme: Theme = .default, depth: ColorDepth? = nil, usesMouse: Bool = true,
      environment: [String: String], forcesUTF8: Bool = false
    ) {
      self.theme = theme
      self.depth = depth
      self.usesMouse = usesMouse
      self.environment = environment
      self.forcesUTF8 = forcesUTF8
    }
  }
}
