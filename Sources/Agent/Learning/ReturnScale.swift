/// The running mean and deviation of returns, in units of which the network estimates values: so that
/// learning does not depend on the size of rewards.
struct ReturnScale: Sendable, Hashable, Codable {
  private var count: Float = 0
  /// The mean of the returns seen.
  private(set) var mean: Float = 0
  /// The standard deviation of the returns seen; 1 before there are any.
  private(set) var deviation: Float = 1
  /// The largest deviation of late, which fades slowly.
  private var largest: Float = 0

  /// The most that the past may weigh: beyond this many returns it fades, since a changing policy has changing
  /// returns.
  private static let memory: Float = 1_000

  /// Merges new returns (Chan et al., 1979, eq. 2.1).
  mutating func absorb(_ returns: [Float]) {
    guard !returns.isEmpty else { return }
    let added = Float(returns.count)
    let addedMean = returns.reduce(0, +) / added
    let addedSquares = returns.reduce(0) { $0 + ($1 - addedMean) * ($1 - addedMean) }
    let total = count + added
    let difference = addedMean - mean
    let squares =
      deviation * deviation * count + addedSquares + difference * difference * count * added / total
    mean += difference * added / total
    let spread = (squares / total).squareRoot()
    largest = max(spread, largest * 0.99)
    // Once all goes well, returns hardly differ; blowing up what is left of them would teach noise.
    deviation = max(spread, 0.1 * largest, 1e-4)
    count = min(total, Self.memory)
  }

  func normalized(_ value: Float) -> Float { (value - mean) / deviation }

  func restored(_ value: Float) -> Float { value * deviation + mean }

  /// Whether values can be scaled by this at all.
  var isValid: Bool {
    count >= 0 && count.isFinite && mean.isFinite && deviation.isFinite && deviation > 0
      && largest >= 0 && largest.isFinite
  }
}
