internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit

/// Two strategies side by side: their figures, and every choice that differs.
struct ComparisonView: Widget {
  let pair: StrategyPair
  let scroll: Int
  let model: ModelState
  let run: RunState

  init(_ pair: StrategyPair, scroll: Int, _ model: ModelState, _ run: RunState) {
    self.pair = pair
    self.scroll = scroll
    self.model = model
    self.run = run
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let units = pair.differingUnits
    let height = max(10, units.count + 10)
    let box = rect.centred(Size(width: 92, height: height))
    let inner = Dialog.box(title: "─ Side by side ", on: &frame, in: box)
    let columns = inner.columns(weights: [4, 3, 3, 2])
    func put(_ cells: [[Span]], _ row: Int) {
      for (column, cell) in zip(columns, cells) {
        frame.put(cell, in: column.inset(right: 1).row(row))
      }
    }
    let (reference, shown) = (pair.first, pair.second)
    put(
      [
        [Span("", .muted)], [Span(reference.name, .title)],
        [Span(shown.name, .title), Span(" ◆", .accent)], [Span("difference", .muted)],
      ], 0)
    let figures = figures(reference, shown)
    for (row, figure) in figures.enumerated() { put(figure, row + 1) }
    let start = figures.count + 2
    let room = inner.height - start
    let heading =
      units.isEmpty
      ? "the same choice everywhere"
      : units.count == 1 ? "1 choice differs" : "\(units.count) choices differ"
    frame.put(heading, in: inner.row(start - 1), style: .muted)
    let offset = min(scroll, max(0, units.count - room))
    for (line, unit) in units.dropFirst(offset).prefix(max(0, room)).enumerated() {
      put(choice(unit), start + line)
    }
    if units.count > offset + room, room > 0 {
      Dialog.noteMore(on: &frame, in: box)
    }
  }

  /// The figures of both, a row each: name, reference, shown, difference.
  private func figures(_ reference: Reference, _ shown: Reference) -> [[[Span]]] {
    func row(
      _ name: String, _ values: (Double?, Double?), _ text: (Double) -> String,
      difference: (Double) -> String, moreIsBetter: Bool
    ) -> [[Span]] {
      var cells = [[Span(name, .muted)]]
      for value in [values.0, values.1] { cells.append([Span(value.map(text) ?? "?")]) }
      guard let before = values.0, let after = values.1 else { return cells + [[Span("")]] }
      let change = after - before
      let isBetter = moreIsBetter ? change > 0 : change < 0
      let style: Style = change == 0 ? .muted : isBetter ? Style(.good) : Style(.bad)
      return cells + [[Span(difference(change), style)]]
    }
    func signed(_ places: Int) -> (Double) -> String {
      { Numbers.signed($0, places: places) }
    }
    let strategies = (reference.strategy, shown.strategy)
    let known = (
      run.measurement(of: strategies.0, step: reference.step, in: model),
      run.measurement(of: strategies.1, step: shown.step, in: model)
    )
    func percent(_ value: Double) -> String { Numbers.decimal(value, places: 1) + "%" }
    let costs = (model.space.cost(of: strategies.0), model.space.cost(of: strategies.1))
    func count(_ value: Double) -> String { Numbers.count(Int(value)) }
    func signedCount(_ value: Double) -> String {
      (value < 0 ? "−" : "+") + Numbers.count(Int(abs(value)))
    }
    func speed(_ reference: Reference) -> Double? {
      model.speedup(of: reference.strategy) ?? reference.step?.latency.map { 1 / $0 }
    }
    return [
      accuracies(known.0?.accuracy, known.1?.accuracy),
      row(
        "MACs kept",
        (model.share(of: strategies.0) * 100, model.share(of: strategies.1) * 100), percent,
        difference: signed(1), moreIsBetter: false),
      row(
        "parameters", (Double(costs.0.parameters), Double(costs.1.parameters)), count,
        difference: signedCount, moreIsBetter: false),
      row(
        "speed, predicted", (speed(reference), speed(shown)),
        { Numbers.decimal($0, places: 2) + "x" }, difference: signed(2), moreIsBetter: true),
      row(
        "score", (reference.step?.score, shown.step?.score), { Numbers.thousandths($0) },
        difference: signed(3), moreIsBetter: true),
    ]
  }

  /// The accuracies, each with its number of images, and by how much they differ: on other images, by how much more than
  /// the dense model there.
  private func accuracies(_ first: Accuracy?, _ second: Accuracy?) -> [[Span]] {
    let cells = [first, second].map { accuracy in
      [
        Span(
          accuracy.map { "\(Numbers.decimal($0.fraction * 100, places: 1))% of \($0.images)" }
            ?? "?")
      ]
    }
    return [[Span("accuracy", .muted)]] + cells + [difference(first, second)]
  }

  private func difference(_ first: Accuracy?, _ second: Accuracy?) -> [Span] {
    guard let first, let second, first.images > 0, second.images > 0 else { return [Span("")] }
    var change = second.fraction - first.fraction
    if first.images != second.images {
      guard let before = model.baseline.fraction(ofFirst: first.images),
        let after = model.baseline.fraction(ofFirst: second.images)
      else { return [Span("other images", .muted)] }
      change += before - after
    }
    let p = second.fraction
    let noise =
      1.96 * (p * (1 - p) * (1 / Double(first.images) + 1 / Double(second.images))).squareRoot()
    let style: Style = abs(change) <= noise ? .muted : change > 0 ? Style(.good) : Style(.bad)
    return [
      Span(Numbers.signed(change * 100, places: 1), style),
      Span(" ±\(Numbers.decimal(noise * 100, places: 1))", .muted),
    ]
  }

  /// A unit with both choices, and the difference in MACs.
  private func choice(_ unit: Int) -> [[Span]] {
    let (first, second) = (pair.first.strategy, pair.second.strategy)
    let (before, after) = (first.choices[unit], second.choices[unit])
    var other = second
    other.choices[unit] = before
    let saved =
      model.space.macs(of: second, nodesOf: unit) - model.space.macs(of: other, nodesOf: unit)
    let change = Double(saved) / Double(max(model.space.denseCost.macs, 1))
    return [
      [Span(model.space.units[unit].name)], [Span(before.name, .muted)],
      [Span(after.name, .accent), Span(second.pins[unit] ? " ⚑" : "", Style(.warning))],
      [Span(Numbers.signed(change * 100, places: 1) + "%", .muted)],
    ]
  }
}
