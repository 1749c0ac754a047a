internal import Metrics
internal import ModelGraph
package import Patterns
package import Search

extension ExplorerState {
  /// The step that is shown, unless it is the user's own strategy or there was none yet.
  package var shownStep: SearchStep? {
    switch viewing {
    case .past(let episode, let step):
      guard episodes.indices.contains(episode) else { return nil }
      let steps = episodes[episode].steps
      return steps.indices.contains(step) ? steps[step] : nil
    case .live:
      guard let last = steps.last ?? episodes.last?.steps.last,
        last.strategy.choices == live.choices
      else { return nil }
      return last
    }
  }

  /// The strategy that is shown.
  package var shown: Strategy {
    if case .past = viewing, let shownStep { return shownStep.strategy }
    return live
  }

  /// What is known of the strategy that is shown: of what was measured, the most images.
  package var shownMeasurement: Measurement? { measurement(of: shown, step: shownStep) }

  /// What is known of a strategy.
  package func measurement(of strategy: Strategy, step: SearchStep? = nil) -> Measurement? {
    var known = [step?.measurement, measurements[strategy.choices]].compactMap { $0 }
    if let baseline, strategy.isDense { known.append(baseline) }
    return known.max { $0.accuracy.images < $1.accuracy.images }
  }

  /// The MACs of the strategy that is shown, as a share of the dense ones.
  package var shownShare: Double { share(of: shown) }

  /// The MACs of a strategy, as a share of the dense ones.
  package func share(of strategy: Strategy) -> Double {
    Double(space.cost(of: strategy).macs) / Double(max(space.denseCost.macs, 1))
  }

  /// What a strategy keeps of a resource, as a share of the dense model's; nil if choices were not timed yet.
  package func share(of strategy: Strategy, _ resource: Target.Resource) -> Double? {
    switch resource {
    case .macs: share(of: strategy)
    case .latency: latencies?.share(of: strategy, in: space)
    }
  }

  /// What a step keeps of a resource, as a share of the dense model's; nil if choices were not timed yet.
  package func share(of step: SearchStep, _ resource: Target.Resource) -> Double? {
    switch resource {
    case .macs:
      Double(step.measurement.cost.macs) / Double(max(space.denseCost.macs, 1))
    case .latency: step.latency
    }
  }

  /// The dense model's accuracy on as many images, if it was read there, otherwise on those known.
  package func baselineFraction(images: Int) -> Double? {
    if let correct = baselineByImages[images] { return Double(correct) / Double(max(images, 1)) }
    return baseline?.accuracy.fraction
  }

  /// Whether an accuracy rests on every validation image.
  package func isComplete(_ measurement: Measurement) -> Bool {
    imageCount > 0 && measurement.accuracy.images >= imageCount
  }

  /// The episode that is shown, counted from 0; nil when live.
  package var shownEpisode: Int? {
    if case .past(let episode, _) = viewing { episode } else { nil }
  }

  // MARK: The selected row

  /// The selected row.
  package var selectedRow: Outline.Row? {
    graphRows.rows.indices.contains(selection) ? graphRows.rows[selection] : nil
  }

  /// The node of the selected row; nil on the name of a group.
  package var selectedNode: Int? {
    if case .layer(let head) = selectedRow { outline.heads[head] } else { nil }
  }

  /// The units of the selected row: its taps, its channels.
  package var selectedUnits: [Int] { selectedRow.map { selectedUnits(in: $0) } ?? [] }

  /// What a row is called in full.
  func name(of row: Outline.Row) -> String { outline.name(of: row, in: space.graph) }

  /// The units of a row: decisions are taken at layers with weights.
  package func selectedUnits(in row: Outline.Row) -> [Int] {
    guard case .layer(let head) = row else { return [] }
    let node = outline.heads[head]
    switch space.graph.nodes[node].op {
    case .convolution, .linear: return space.units(of: node)
    default: return []
    }
  }

  /// The units of everything that the selected row stands for.
  var unitsWithinSelection: [Int] {
    selectedRow.map { units(within: outline.heads(of: $0)) } ?? []
  }

  /// The units decided on at those rows, ascending.
  func units(within heads: Range<Int>) -> [Int] {
    Set(heads.flatMap { selectedUnits(in: .layer($0)) }).sorted()
  }

  /// Every node that a row stands for.
  package func nodes(in row: Outline.Row) -> [Int] {
    let heads = outline.heads(of: row)
    return outline.headOfNode.indices.filter { heads.contains(outline.headOfNode[$0]) }
  }

  /// Whether a row's name holds what is searched for.
  package func matches(_ row: Outline.Row) -> Bool {
    guard !filter.isEmpty else { return true }
    return name(of: row).lowercased().contains(filter.lowercased())
  }
}
