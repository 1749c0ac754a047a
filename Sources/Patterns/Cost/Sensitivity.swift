/// The expected loss of every choice, 0 for dense: how far the logits move when one choice is made and everything
/// else stays dense, or a stand-in for it.
public struct Sensitivity: Hashable, Sendable, Codable {
  /// Sums over units estimate the loss of a strategy.
  public let losses: ChoiceTable<Float>

  /// A sensitivity that was measured.
  public init(losses: ChoiceTable<Float>) {
    self.losses = losses
  }
}
