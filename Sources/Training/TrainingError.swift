/// Why a model cannot be trained, or a training cannot go on.
public struct TrainingError: Error, Hashable, CustomStringConvertible {
  /// One line for the user.
  public let description: String

  /// An error with its one line.
  public init(_ description: String) { self.description = description }
}
