package import Patterns
package import Search

/// The steps and episodes of a run, and those that stand out.
package struct History: Sendable {
  /// Finished episodes.
  package private(set) var episodes: [Episode] = []
  /// Steps of the episode under way.
  package private(set) var steps: [SearchStep] = []
  /// Episodes whose score beat all before them that had the same target, ascending.
  package private(set) var records: [Int] = []
  /// Those of them that beat the one before among these by more than chance explains, ascending.
  package private(set) var clearRecords: [Int] = []
  /// The steps that no other beats in cost and accuracy.
  package private(set) var front: ParetoFront

  /// A run without steps, whose cost is that of a resource.
  init(of resource: Target.Resource) { front = ParetoFront(of: resource) }

  // MARK: Taking steps

  /// Takes a step of the episode under way.
  mutating func take(_ step: SearchStep) {
    steps.append(step)
    front.insert(step)
  }

  /// Takes an episode that ended.
  mutating func take(_ episode: Episode) {
    // Scores for another target are of another kind.
    let rivals = episodes.lazy.filter { $0.target == episode.target }
    if rivals.allSatisfy({ $0.score < episode.score }) {
      if isClear(episode.score, for: episode.target) { clearRecords.append(episodes.count) }
      records.append(episodes.count)
    }
    episodes.append(episode)
    steps = []
    for step in episode.steps { front.insert(step) }
  }

  /// Forgets the steps of the episode under way, which begins anew.
  mutating func abandonEpisode() { steps = [] }

  /// Takes the resource that costs are of from now on.
  mutating func aim(at resource: Target.Resource) {
    if resource != front.resource { gatherFront(of: resource) }
  }

  /// Predicts the time of steps that were taken before choices were timed.
  mutating func predictLatencies(in model: ModelState) {
    episodes = episodes.map(model.timed)
    steps = steps.map(model.timed)
    gatherFront(of: front.resource)
  }

  private mutating func gatherFront(of resource: Target.Resource) {
    front = ParetoFront(of: resource, among: episodes.flatMap(\.steps) + steps)
  }

  // MARK: Finding them

  /// Whether a score is above the last clear record for a target by more than chance explains.
  func isClear(_ score: Double, for target: Target) -> Bool {
    guard let record = clearRecords.last(where: { episodes[$0].target == target }) else {
      return true
    }
    let best = episodes[record].best
    return score > best.score + best.measurement.noise
  }

  /// The best episode for a target, counted from 0; nil before one has ended.
  package func record(for target: Target) -> Int? {
    records.last { episodes[$0].target == target }
  }

  /// The episodes for a target since the best of them.
  package func episodesSinceRecord(for target: Target) -> Int {
    record(for: target).map { episodes[($0 + 1)...].count { $0.target == target } } ?? 0
  }

  /// Whether there are episodes for more than one target.
  var hasSeveralTargets: Bool { episodes.contains { $0.target != episodes[0].target } }

  /// The last step that was taken.
  package var lastStep: SearchStep? { steps.last ?? episodes.last?.steps.last }

  /// The place of a step in a finished episode; live for one of the episode under way.
  func place(of step: SearchStep) -> Viewing {
    for (number, episode) in episodes.enumerated() {
      if let place = episode.steps.firstIndex(of: step) {
        return .past(episode: number, step: place)
      }
    }
    return .live
  }

  /// The place of the first step of a finished episode with a strategy's choices; live without one.
  func place(of strategy: Strategy) -> Viewing {
    for (number, episode) in episodes.enumerated() {
      if let place = episode.steps.firstIndex(where: { $0.strategy.choices == strategy.choices }) {
        return .past(episode: number, step: place)
      }
    }
    return .live
  }

  /// The best step of an episode, counted from 0; live beyond the last one.
  func best(ofEpisode number: Int) -> Viewing {
    guard episodes.indices.contains(number) else { return .live }
    let episode = episodes[number]
    return .past(episode: number, step: episode.steps.firstIndex(of: episode.best) ?? 0)
  }

  /// The name of a strategy: the first episode that has it, with the step if that is not its best; otherwise it
  /// is the user's.
  func name(of strategy: Strategy) -> String {
    func place(in steps: [SearchStep]) -> Int? {
      steps.firstIndex { $0.strategy.choices == strategy.choices }
    }
    if let step = place(in: steps) { return "ep \(episodes.count + 1).\(step + 1)" }
    for (number, episode) in episodes.enumerated() {
      guard let step = place(in: episode.steps) else { continue }
      let isBest = episode.best.strategy.choices == strategy.choices
      return "ep \(number + 1)" + (isBest ? "" : ".\(step + 1)")
    }
    return "your strategy"
  }
}
