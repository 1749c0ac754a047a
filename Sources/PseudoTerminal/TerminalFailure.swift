/// Why there is no terminal, or why what was waited for did not come: one line.
public struct TerminalFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line.
  public let description: String

  /// A failure, told in one line.
  public init(_ description: String) { self.description = description }
}
