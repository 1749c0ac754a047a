internal import Metrics
internal import Search
internal import Synchronization

/// A search session on the line of progress; where standard error is no terminal, a line for each kind of work and each
/// episode.
final class SearchProgress: Sendable {
  /// The steps of all episodes.
  private let steps: Int
  private let line = ProgressLine()
  /// The steps that were told, and the best score among them; events come from several threads.
  private let seen = Mutex<(steps: Int, best: Double?)>((0, nil))

  /// When episodes ended that were told.
  private let ends = Mutex<[ContinuousClock.Instant]>([])
  /// When images were looked at, how many had been in all, and the seconds that looks had taken.
  private let looks = Mutex<[(time: ContinuousClock.Instant, images: Int, seconds: Double)]>([])
  /// When each kind of work began.
  private let beginnings = Mutex<[String: ContinuousClock.Instant]>([:])

  /// The seconds that looks have taken.
  private let looking: @Sendable () -> Double

  init(steps: Int, looking: @escaping @Sendable () -> Double) {
    self.steps = steps
    self.looking = looking
  }

  /// Shows an event.
  func show(_ event: SearchSession.Event) {
    switch event {
    case .baseline(let measurement, let isFinal):
      let text = "the dense model: \(measurement.accuracy.fraction.percent)"
      line.show(text)
      if isFinal { line.log(text) }
    case .timing(let done, let count): show("timing choices", done, of: count)
    case .measuringSensitivity(let done, let count):
      show("expected losses of choices", done, of: count)
    case .step:
      seen.withLock { $0.steps += 1 }
      showSteps()
    case .episode(let episode, _):
      take([episode])
      ends.withLock { $0.append(.now) }
      showSteps()
      line.log("episode \(episode.number): score \(episode.score.percent)" + bestSoFar)
    case .resumed(let run): take(run.episodes)
    case .finalist(_, let done, let count): line.show("finalist \(done) of \(count)")
    case .resolving:
      let text = "solving the best strategy's layers again"
      line.show(text)
      line.log(text)
    case .latencies(let latencies): if let doubt = latencies.doubt { line.note("sculpt: \(doubt)") }
    case .looked(let images):
      let seconds = looking()
      looks.withLock { $0.append((.now, images, seconds)) }
    case .loaded, .loadingFailed, .followed, .notResumed, .notKept, .timingFailed, .sensitivity,
      .swept, .timed, .result, .written, .measured, .searching, .failed:
      break
    }
  }

  /// What an episode took on average; nil before the second.
  var secondsPerEpisode: Double? {
    ends.withLock { ends in
      guard ends.count > 1, let first = ends.first, let last = ends.last else { return nil }
      return (last - first).seconds / Double(ends.count - 1)
    }
  }

  /// Images that were looked at in a second of the search, and in one of looking, between the first step and the last;
  /// nil before the second.
  var imagesPerSecond: (searching: Double, looking: Double)? {
    looks.withLock { looks in
      guard let first = looks.first, let last = looks.last, last.images > first.images else {
        return nil
      }
      let images = Double(last.images - first.images)
      return (images / (last.time - first.time).seconds, images / (last.seconds - first.seconds))
    }
  }

  private func take(_ episodes: [Episode]) {
    seen.withLock { seen in
      for episode in episodes {
        seen.steps = episode.number * episode.steps.count
        seen.best = max(seen.best ?? episode.score, episode.score)
      }
    }
  }

  /// Shows how much of something is done, and how long the rest will take if it goes on like that.
  private func show(_ work: String, _ done: Int, of count: Int) {
    let start = beginnings.withLock { beginnings in
      if let start = beginnings[work] { return start }
      line.log(work)
      let start = ContinuousClock.now
      beginnings[work] = start
      return start
    }
    let share = Double(done) / Double(max(count, 1))
    let elapsed = (ContinuousClock.now - start).seconds
    let left = elapsed / max(share, 1e-9) - elapsed
    let rest = elapsed > 1 && done > 0 ? ", \(Int(left.rounded(.up))) s left" : ""
    line.show("\(work): \(share.percent)\(rest)")
  }

  private func showSteps() {
    line.show("step \(seen.withLock { $0.steps }) of \(steps)" + bestSoFar)
  }

  private var bestSoFar: String {
    seen.withLock { $0.best }.map { ", best score \($0.percent)" } ?? ""
  }

  /// Removes the line.
  func clear() { line.clear() }
}
