internal import Metrics
internal import Search
internal import Synchronization

/// A search session on the line of progress.
struct SearchProgress: Sendable {
  private let line = ProgressLine()
  private let seen = Counter()

  /// So many episodes are to be played.
  let episodes: Int

  private final class Counter: Sendable {
    let steps = Atomic(0)
    let best = Mutex<Double?>(nil)
  }

  /// Shows an event.
  func show(_ event: SearchSession.Event) {
    switch event {
    case .baseline(let measurement, _):
      line.show("the dense model: \(measurement.accuracy.fraction.percent)")
    case .timing(let done, let count): line.show("latency: choice \(done) of \(count)")
    case .measuringSensitivity(let done, let count):
      line.show("sensitivity: choice \(done) of \(count)")
    case .step, .episode:
      let step = seen.steps.add(1, ordering: .relaxed).newValue
      if case .episode(let episode, _) = event {
        seen.best.withLock { $0 = max($0 ?? episode.score, episode.score) }
      }
      let best = seen.best.withLock { $0 }
      line.show(
        "step \(step) of \(episodes) episodes" + (best.map { ", best score \($0.percent)" } ?? ""))
    case .finalist(_, let done, let count): line.show("finalist \(done) of \(count)")
    case .resolving: line.show("solving the best strategy's layers again")
    case .loaded, .loadingFailed, .resumed, .timingFailed, .latencies, .sensitivity, .result,
      .written, .measured, .searching, .failed:
      break
    }
  }

  /// Removes the line.
  func clear() { line.clear() }
}
