import Patterns
import Search
import Testing

/// Searches whose target or reward changes on the way.
struct SearchSteeringTests {
  let workbench: Workbench
  let sensitivity: Sensitivity
  var settings = SearchSettings()

  init() throws {
    workbench = try SmallBench.make()
    sensitivity = Sensitivity(energyOf: workbench.model, in: workbench.space)
    settings.seed = 3
  }

  private func play(_ searcher: inout Searcher, episodes: Int) throws {
    let end = searcher.episodes.count + episodes
    while searcher.episodes.count < end { _ = try searcher.step() }
  }

  @Test func stepsKeepTheNewTarget() throws {
    var searcher = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    try play(&searcher, episodes: 3)
    _ = try searcher.step()
    for target in [0.3, 0.8] {
      let before = searcher.episodes.count
      try searcher.steer(target: target, multiplier: nil)
      #expect(searcher.steps.isEmpty)
      try play(&searcher, episodes: 3)
      for episode in searcher.episodes.dropFirst(before) {
        #expect(episode.target == target)
        for step in episode.steps {
          #expect(
            Double(step.measurement.cost.macs) <= target * Double(workbench.space.denseCost.macs))
        }
      }
      // It uses what it may: the best strategies of another target are not built upon.
      let most =
        searcher.episodes.dropFirst(before).flatMap(\.steps)
        .map(\.measurement.cost.macs).max() ?? 0
      #expect(Double(most) > (target - 0.2) * Double(workbench.space.denseCost.macs))
    }
  }

  @Test func aHeldWeightStays() throws {
    var settings = settings
    settings.multiplier = 4
    var searcher = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    try play(&searcher, episodes: 2)
    #expect(searcher.episodes.allSatisfy { $0.multiplier == 4 })
    try searcher.steer(target: 0.5, multiplier: 0.5)
    try play(&searcher, episodes: 2)
    #expect(searcher.episodes.suffix(2).allSatisfy { $0.multiplier == 0.5 })
    try searcher.steer(target: 0.5, multiplier: nil)
    try play(&searcher, episodes: 2)
    #expect(searcher.multiplier != 0.5)
  }

  @Test(arguments: [(0.0, nil), (1.1, nil), (.nan, nil), (0.5, 0), (0.5, 21)])
  func nonsenseIsRefused(target: Double, multiplier: Double?) throws {
    var searcher = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    #expect(throws: SearchError.self) {
      try searcher.steer(target: target, multiplier: multiplier)
    }
    #expect(searcher.settings == settings)
  }

  @Test func theSameAgainChangesNothing() throws {
    var searcher = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    _ = try searcher.step()
    try searcher.steer(target: settings.target, multiplier: nil)
    #expect(searcher.steps.count == 1)
  }
}
