/// Keeps a program from showing more frames a second than anyone can see.
///
/// Frames that answer a key should not wait for it; those that report progress should.
public struct FramePacer: Sendable {
  private let interval: Duration
  private var last: ContinuousClock.Instant?

  /// Makes a pacer for at most that many frames a second.
  public init(framesPerSecond: Int = 30) {
    interval = .seconds(1) / max(1, framesPerSecond)
  }

  /// Notes that a frame was shown.
  public mutating func didShow(at now: ContinuousClock.Instant = .now) {
    last = now
  }

  /// How many milliseconds the next frame must wait, rounded up; 0 if it may be shown now.
  public func delay(at now: ContinuousClock.Instant = .now) -> Int {
    guard let last, last + interval > now else { return 0 }
    let (seconds, attoseconds) = (last + interval - now).components
    return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
