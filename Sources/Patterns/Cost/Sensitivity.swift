/// How much each choice is expected to hurt: one number for each unit and menu entry, 0 for dense.
public struct Sensitivity: Hashable, Sendable, Codable {
  /// `[units][menu entries]`; sums over units estimate the harm of a strategy.
  public let losses: [[Float]]

  /// A sensitivity that was measured, `[units][menu entries]`.
  public init(losses: [[Float]]) {
    self.losses = losses
  }
}
