public import Metrics
public import Patterns

/// A strategy whose model was trained on, and what that came to.
public struct FineTuned: Hashable, Sendable, Codable {
  /// The strategy that prunes the model.
  public var strategy: Strategy
  /// The cost, of which fine-tuning changes nothing.
  public var cost: Cost
  /// The accuracy on every validation image before.
  public var before: Accuracy
  /// The same with the weights of the best epoch.
  public var after: Accuracy
  /// The epochs that were trained for.
  public var epochs: Int
  /// Where model and weights are; not stored, as folders are moved.
  public var folder = ""

  private enum CodingKeys: CodingKey {
    case strategy, cost, before, after, epochs
  }

  /// A result whose files are in `folder`.
  public init(
    strategy: Strategy, cost: Cost, before: Accuracy, after: Accuracy, epochs: Int, folder: String
  ) {
    self.strategy = strategy
    self.cost = cost
    self.before = before
    self.after = after
    self.epochs = epochs
    self.folder = folder
  }
}
