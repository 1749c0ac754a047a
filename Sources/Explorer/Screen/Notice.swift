/// A line for the user.
package struct Notice: Hashable, Sendable, Codable {
  /// The ways a line can be meant.
  package enum Kind: String, Hashable, Sendable, Codable {
    /// Something was done.
    case done
    /// The strategy was changed; it goes when the accuracy is there.
    case edited
    /// Something cannot be done, and why.
    case refusal
    /// Something failed.
    case failure
  }

  /// The line.
  package let text: String
  /// How it is meant.
  package let kind: Kind

  /// A line.
  package init(_ text: String, _ kind: Kind = .done) {
    self.text = text
    self.kind = kind
  }
}
