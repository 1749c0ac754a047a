import Engine
import Metrics
import Patterns
import Pruning
import Search
import TestSupport
import Testing

/// Searches whose target or reward changes on the way.
struct SearchSteeringTests {
  let workbench: Workbench
  let sensitivity: Sensitivity
  let latencies: Latencies
  var settings = SearchSettings()

  init() throws {
    workbench = try SmallBench.make()
    sensitivity = Sensitivity(energyOf: workbench.model, in: workbench.space)
    settings.seed = 3
    var generator = SmallNetwork.Generator(state: 5)
    latencies = Latencies(.random(for: workbench.space, using: &generator))
  }

  private func play(_ searcher: inout Searcher, episodes: Int) throws {
    let end = searcher.episodes.count + episodes
    while searcher.episodes.count < end { _ = try searcher.step() }
  }

  @Test func stepsKeepTheNewTarget() throws {
    var searcher = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    try play(&searcher, episodes: 3)
    _ = try searcher.step()
    for share in [0.3, 0.8] {
      let target = Target(share)
      let before = searcher.episodes.count
      try searcher.steer(target: target, multiplier: nil)
      #expect(searcher.steps.isEmpty)
      try play(&searcher, episodes: 3)
      for episode in searcher.episodes.dropFirst(before) {
        #expect(episode.target == target)
        for step in episode.steps {
          #expect(
            Double(step.measurement.cost.macs) <= share * Double(workbench.space.denseCost.macs))
        }
      }
      // It uses what it may: the best strategies of another target are not built upon.
      let most =
        searcher.episodes.dropFirst(before).flatMap(\.steps)
        .map(\.measurement.cost.macs).max() ?? 0
      #expect(Double(most) > (share - 0.2) * Double(workbench.space.denseCost.macs))
    }
  }

  @Test func aHeldWeightStays() throws {
    var settings = settings
    settings.multiplier = 4
    var searcher = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    try play(&searcher, episodes: 2)
    #expect(searcher.episodes.allSatisfy { $0.multiplier == 4 })
    try searcher.steer(target: Target(0.5), multiplier: 0.5)
    try play(&searcher, episodes: 2)
    #expect(searcher.episodes.suffix(2).allSatisfy { $0.multiplier == 0.5 })
    try searcher.steer(target: Target(0.5), multiplier: nil)
    try play(&searcher, episodes: 2)
    #expect(searcher.multiplier != 0.5)
  }

  @Test(arguments: Target.Resource.allCases)
  func nonsenseIsRefused(resource: Target.Resource) throws {
    for (share, multiplier) in [
      (0.0, Double?.none), (1.1, nil), (.nan, nil), (0.5, 0), (0.5, 21),
    ] {
      var searcher = try Searcher(
        workbench, settings: settings, sensitivity: sensitivity, latencies: latencies)
      #expect(throws: SearchError.self) {
        try searcher.steer(target: Target(share, of: resource), multiplier: multiplier)
      }
      #expect(searcher.settings == settings)
    }
  }

  @Test func theSameAgainChangesNothing() throws {
    var searcher = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    _ = try searcher.step()
    try searcher.steer(target: settings.target, multiplier: nil)
    #expect(searcher.steps.count == 1)
  }

  /// From the beginning, and steered to on the way.
  @Test(arguments: [false, true])
  func stepsKeepATargetOfLatency(isSteered: Bool) throws {
    let target = Target(0.6, of: .latency)
    var settings = settings
    if !isSteered { settings.target = target }
    var searcher = try Searcher(
      workbench, settings: settings, sensitivity: sensitivity, latencies: latencies)
    if isSteered {
      try play(&searcher, episodes: 2)
      try searcher.steer(target: target, multiplier: nil)
    }
    let before = searcher.episodes.count
    try play(&searcher, episodes: 4)
    let steps = searcher.episodes.dropFirst(before).flatMap(\.steps)
    for step in steps {
      let share = latencies.share(of: step.strategy, in: workbench.space)
      #expect(step.latency == share)
      // The budget is of whole nanoseconds.
      #expect(share <= target.share + 1e-5)
    }
    let most = steps.compactMap(\.latency).max() ?? 0
    #expect(most > target.share - 0.2)
    let front = searcher.front.steps
    #expect(searcher.front.resource == .latency && !front.isEmpty)
    for (cheap, dear) in zip(front, front.dropFirst()) {
      #expect(cheap.latency ?? 1 < dear.latency ?? 0)
      #expect(cheap.measurement.accuracy.fraction < dear.measurement.accuracy.fraction)
    }
  }

  @Test func aTargetOfLatencyNeedsTimes() throws {
    var searcher = try Searcher(workbench, settings: settings, sensitivity: sensitivity)
    let target = Target(0.6, of: .latency)
    #expect(throws: SearchError.self) { try searcher.steer(target: target, multiplier: nil) }
    #expect(searcher.settings == settings)
    searcher.know(latencies)
    try searcher.steer(target: target, multiplier: nil)
    #expect(searcher.settings.target == target)
  }

  @Test(arguments: Baseline.allCases)
  func baselinesKeepATargetOfLatency(baseline: Baseline) throws {
    var settings = settings
    settings.target = Target(0.6, of: .latency)
    let steps = try baseline.run(
      workbench, settings: settings, sensitivity: sensitivity, latencies: latencies,
      images: 640)
    #expect(!steps.isEmpty)
    for step in steps { #expect(step.latency ?? 1 <= 0.6 + 1e-5) }
  }
}
