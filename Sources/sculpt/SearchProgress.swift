internal import Metrics
internal import Search
internal import Synchronization

/// A search session on the line of progress.
final class SearchProgress: Sendable {
  /// The steps of all episodes.
  private let steps: Int
  private let line = ProgressLine()
  /// The steps that were told, and the best score among them; events come from several threads.
  private let seen = Mutex<(steps: Int, best: Double?)>((0, nil))

  init(steps: Int) { self.steps = steps }

  /// Shows an event.
  func show(_ event: SearchSession.Event) {
    switch event {
    case .baseline(let measurement, _):
      line.show("the dense model: \(measurement.accuracy.fraction.percent)")
    case .timing(let done, let count): line.show("latency: choice \(done) of \(count)")
    case .measuringSensitivity(let done, let count):
      line.show("sensitivity: choice \(done) of \(count)")
    case .step:
      seen.withLock { $0.steps += 1 }
      showSteps()
    case .episode(let episode, _):
      seen.withLock { seen in
        // Those of a run that is gone on with are told whole.
        seen.steps = episode.number * episode.steps.count
        seen.best = max(seen.best ?? episode.score, episode.score)
      }
      showSteps()
    case .finalist(_, let done, let count): line.show("finalist \(done) of \(count)")
    case .resolving: line.show("solving the best strategy's layers again")
    case .loaded, .loadingFailed, .resumed, .timingFailed, .latencies, .sensitivity, .result,
      .written, .measured, .searching, .failed:
      break
    }
  }

  private func showSteps() {
    let (step, best) = seen.withLock { ($0.steps, $0.best) }
    line.show("step \(step) of \(steps)" + (best.map { ", best score \($0.percent)" } ?? ""))
  }

  /// Removes the line.
  func clear() { line.clear() }
}
