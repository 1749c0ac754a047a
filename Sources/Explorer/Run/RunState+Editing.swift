internal import Patterns
internal import Search

extension RunState {
  /// The strategy that an edit starts from: the one that is shown, with the pins that hold now.
  private var base: Strategy {
    var base = shown
    base.pins = live.pins
    for unit in base.pins.indices where base.pins[unit] { base.choices[unit] = live.choices[unit] }
    return base
  }

  /// The live strategy with units pinned at what is shown, or let go.
  func pinning(_ units: [Int], _ isPinned: Bool) -> Strategy {
    let shown = shown
    var after = base
    for unit in units {
      after.pins[unit] = isPinned
      if isPinned, !live.pins[unit] { after.choices[unit] = shown.choices[unit] }
    }
    return after
  }

  /// The live strategy with a unit pinned at a pattern.
  func choosing(_ pattern: Pattern, for unit: Int) -> Strategy {
    var after = base
    after.choices[unit] = pattern
    after.pins[unit] = true
    return after
  }

  /// Makes a strategy the live one, and shows it.
  ///
  /// - Returns: the effects: the search is told its pins, and its accuracy is measured.
  mutating func adopt(_ strategy: Strategy, in model: ModelState) -> [Effect] {
    let before = live.pinned
    adopt(strategy)
    viewing = .live
    let pins = strategy.pinned
    return (pins == before ? [] : [.pin(pins)]) + measureIfNeeded(strategy, in: model)
  }

  /// Asks for a measurement on every image unless there is one.
  mutating func measureIfNeeded(_ strategy: Strategy, in model: ModelState) -> [Effect] {
    guard work.canMeasure else { return [] }
    if let known = measurement(of: strategy, in: model), model.isComplete(known) { return [] }
    guard work.measuring != strategy.choices else { return [] }
    work.measuring = strategy.choices
    return [.measure(strategy)]
  }
}

extension Strategy {
  /// The pinned units' choices alone, so that nothing else restarts an episode.
  var pinned: Strategy {
    var pins = self
    for unit in pins.choices.indices where !pins.pins[unit] { pins.choices[unit] = .dense }
    return pins
  }
}
