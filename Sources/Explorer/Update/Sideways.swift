internal import Search

extension ExplorerState {
  /// Goes left or right in the pane that has the keyboard: out of and into groups, through the layers, the
  /// episodes, along the front.
  mutating func moveSideways(by step: Int) {
    switch screen.focus {
    case .detail: layers.move(by: step)
    case .log: break
    case .layers:
      if step > 0 { layers.moveInwards(in: model) } else { layers.moveOutwards(in: model) }
    case .score, .steps:
      guard !run.history.episodes.isEmpty else { return }
      let place = (run.shownEpisode ?? run.history.episodes.count) + step
      if place >= 0 { run.view(episode: place) }
    case .pareto: moveAlongFront(by: step)
    }
  }

  private mutating func moveAlongFront(by step: Int) {
    let front = run.history.front
    // Those of a sweep lie among them.
    let swept = run.sweep?.points.map(\.step) ?? []
    func cost(_ point: SearchStep) -> Double { model.share(of: point, front.resource) ?? 0 }
    let steps = (front.steps + swept).sorted { cost($0) < cost($1) }
    guard !steps.isEmpty else { return }
    let here = model.share(of: run.shown, front.resource) ?? 0
    let next = step > 0 ? steps.first { cost($0) > here } : steps.last { cost($0) < here }
    guard let next else {
      return say(
        step > 0 ? "no dearer point is better" : "no cheaper point has been found", .refusal)
    }
    run.view(next)
  }
}
