import Patterns
import Synchronization

/// Measurements by what was pruned and how many images were looked at: a strategy that was measured
/// before costs nothing. Pins play no part in it.
final class MeasurementCache: Sendable {
  private struct Key: Hashable {
    let choices: [Pattern]
    let images: Int
  }

  private let measurements = Mutex<[Key: Measurement]>([:])

  /// The measurement of some choices on so many images.
  subscript(choices: [Pattern], images images: Int) -> Measurement? {
    get { measurements.withLock { $0[Key(choices: choices, images: images)] } }
    set { measurements.withLock { $0[Key(choices: choices, images: images)] = newValue } }
  }
}
