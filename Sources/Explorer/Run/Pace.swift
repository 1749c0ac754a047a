/// How long the search has been under way since the program began, and how much it did lately.
package struct Pace: Hashable, Sendable {
  /// The time of the stretches before the present one.
  private var spent = Duration.zero
  /// The time when the present stretch began; nil while paused.
  private var start: Duration?
  /// The steps of the present stretch, latest last.
  private var moments: [Moment] = []

  private struct Moment: Hashable {
    var time: Duration
    var images: Int
    var episodes: Double
  }

  /// So many steps tell what it does lately.
  private static let window = 40

  /// Notes whether the search is under way; times are since the program began.
  mutating func search(_ isSearching: Bool, at time: Duration) {
    if isSearching, start == nil {
      start = time
      moments = []
    } else if !isSearching, let began = start {
      spent += time - began
      start = nil
    }
  }

  /// Notes a step: images and episodes in all by then, the one under way as far as it is.
  mutating func step(images: Int, episodes: Double, at time: Duration) {
    if moments.count >= Self.window { moments.removeFirst() }
    moments.append(Moment(time: time, images: images, episodes: episodes))
  }

  /// The time that was searched.
  func elapsed(at time: Duration) -> Duration { spent + (start.map { time - $0 } ?? .zero) }

  /// Images looked at and episodes played a minute, by the last steps; nil before there are two.
  var perMinute: (images: Double, episodes: Double)? {
    guard let first = moments.first, let last = moments.last, last.time > first.time else {
      return nil
    }
    let minutes = (last.time - first.time) / .seconds(60)
    return (
      Double(last.images - first.images) / minutes, (last.episodes - first.episodes) / minutes
    )
  }
}
