/// The cost of a network.
public struct Cost: Hashable, Sendable, Codable {
  /// Multiply-accumulates for one image, kept taps of kept channels only.
  public var macs: Int
  /// Learned parameters that are kept.
  public var parameters: Int

  /// A cost.
  public init(macs: Int, parameters: Int) {
    self.macs = macs
    self.parameters = parameters
  }
}
