/// The reason why a search cannot go on, in one line.
public struct SearchError: Error, Hashable, CustomStringConvertible {
  /// One line for the user.
  public let description: String

  init(_ description: String) { self.description = description }
}
