internal import Patterns
internal import Search

extension ExplorerState {
  /// Begins to sweep over targets, or stops that.
  mutating func toggleSweep() -> [Effect] {
    if run.isSweeping { return stopSweep() }
    let targets = Sweep.targets(of: run.settings.target.resource)
    if case .swept = run.viewing { run.viewing = .live }
    run.sweep = Sweep(of: targets.count)
    screen.focus = .pareto
    say("the front from 25 to 75 % is planned and looked at; v or esc stops")
    return [.sweep(targets)]
  }

  /// Stops a sweep; its points stay.
  mutating func stopSweep() -> [Effect] {
    run.sweep?.stop()
    say("the sweep has stopped")
    return [.sweep([])]
  }

  /// Takes a point of the sweep.
  mutating func take(_ point: Sweep.Point, left: Int) {
    guard run.isSweeping else { return }
    let shown = run.viewing
    if case .swept(let target) = shown, target == point.target { run.viewing = .live }
    run.sweep?.take(point, left: left)
    if left == 0 { say("swept: h and l go along the points, enter aims at one") }
  }

  /// Aims the search at the target of the point that is shown, if it is one of the sweep.
  mutating func aimAtSwept() -> [Effect]? {
    guard case .swept(let target) = run.viewing else { return nil }
    var aim = run.aim
    aim.target = target
    return steer(to: aim, "the search aims at \(Numbers.target(target)) from now on")
  }
}

extension RunState {
  /// Whether a sweep is under way.
  var isSweeping: Bool { sweep.map { $0.left > 0 } ?? false }

  /// The point of the sweep that is shown.
  var sweptPoint: Sweep.Point? {
    guard case .swept(let target) = viewing else { return nil }
    return sweep?.points.first { $0.target == target }
  }
}
