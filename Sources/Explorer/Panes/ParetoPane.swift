internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit

/// Accuracy over the resource that the target is of: every step and those that no other beats, on the images of the
/// search; strategies that were measured on all images, and those that were fine-tuned; the strategy shown.
struct ParetoPane: Widget {
  private let model: ModelState
  private let run: RunState
  /// Every step, the oldest first, and whether it was taken for the present target.
  private let steps: [(step: SearchStep, isOfTarget: Bool)]
  /// Strategies that were measured on every image, with their accuracy.
  private let whole: [(choices: [Pattern], measurement: Measurement)]
  /// Results of fine-tuning.
  private let fineTuned: [FineTuned]

  /// Steps beyond this number are left out, the oldest first; the front is always drawn.
  private static let limit = 4000

  init(_ model: ModelState, _ run: RunState) {
    self.model = model
    self.run = run
    let history = run.history
    let target = run.settings.target
    let earlier = history.episodes.suffix(Self.limit).flatMap { episode in
      episode.steps.map { (step: $0, isOfTarget: episode.target == target) }
    }
    let all = earlier + history.steps.map { (step: $0, isOfTarget: true) }
    steps = all.suffix(Self.limit)
    let isSearchOnAll = all.last.map { model.isComplete($0.step.measurement) } ?? false
    whole =
      isSearchOnAll
      ? []
      : run.measurements.filter { model.isComplete($0.value) }.map { ($0.key, $0.value) }
        .sorted { $0.measurement.cost.macs < $1.measurement.cost.macs }
    fineTuned = run.fineTuned.values.sorted { $0.cost.macs < $1.cost.macs }
  }

  /// The images of the search's points, and the legend of the marks, as much of it as fits.
  func note(columns: Int) -> String {
    let front = run.history.front.steps
    let images = front.first.map { "n \($0.measurement.accuracy.images)" }
    let whole = whole.isEmpty ? nil : "● n \(model.imageCount)"
    let best = front.isEmpty ? nil : "○ best \(front.count)"
    let swept = run.sweep.map { "□ planned \($0.points.count)" }
    // The newest mark goes last.
    let tuned = fineTuned.isEmpty ? nil : "★ fine-tuned"
    let shown = front.isEmpty && fineTuned.isEmpty ? nil : "◆ shown"
    let notes = [
      [images, best, swept, whole, tuned, shown], [images, best, swept, whole, tuned],
      [images, swept, whole, tuned], [swept, whole, tuned], [swept, tuned], [tuned], [images],
    ]
    return notes.map { $0.compactMap { $0 }.joined(separator: "  ") }
      .first { !$0.isEmpty && $0.displayWidth <= columns } ?? ""
  }

  /// The last step with the strategy that a mark stands for, if there is one.
  func step(ofMark index: Int) -> SearchStep? {
    let points = points
    guard points.indices.contains(index) else { return nil }
    if let step = points[index].step { return step }
    return points[index].choices.flatMap { choices in
      steps.last { $0.step.strategy.choices == choices }?.step
    }
  }

  private struct Entry {
    var mark: ScatterPlot.Mark
    var step: SearchStep?
    var choices: [Pattern]?
  }

  /// In the order in which they are drawn.
  private var points: [Entry] {
    let resource = run.settings.target.resource
    func point(_ step: SearchStep, _ style: Style, _ marker: Character?) -> Entry {
      Entry(
        mark: ScatterPlot.Mark(
          x: model.share(of: step, resource) ?? .nan,
          y: step.measurement.accuracy.fraction, style: style, marker: marker),
        step: step)
    }
    func point(
      _ choices: [Pattern], _ accuracy: Accuracy, _ style: Style, _ marker: Character
    ) -> Entry {
      var strategy = model.dense
      strategy.choices = choices
      return Entry(
        mark: ScatterPlot.Mark(
          x: model.share(of: strategy, resource) ?? .nan, y: accuracy.fraction, style: style,
          marker: marker),
        choices: choices)
    }
    var points = steps.map { point($0.step, $0.isOfTarget ? Style(.series1) : .muted, nil) }
    points += (run.sweep?.points ?? []).map { point($0.step, Style(.series4), "□") }
    points += run.history.front.steps.map { point($0, Style(.good), "○") }
    points += whole.map { point($0.choices, $0.measurement.accuracy, Style(.series2), "●") }
    if let accuracy = shownAccuracy {
      var shown = point(run.shown.choices, accuracy, .accent, "◆")
      shown.mark.interval = accuracy.interval
      points.append(shown)
    }
    // Last: a gain too small for another cell is still seen.
    return points
      + fineTuned.map { point($0.strategy.choices, $0.after, Style(.warning), "★") }
  }

  /// The accuracy of the strategy shown, like beside like: on the images of the search, if it was the search that
  /// had it.
  private var shownAccuracy: Accuracy? {
    run.shownStep?.measurement.accuracy ?? run.shownMeasurement(in: model)?.accuracy
  }

  /// The scatter; nil while there is nothing to show.
  var plot: ScatterPlot? {
    let points = points
    guard !points.isEmpty else { return nil }
    var plot = ScatterPlot(points.map(\.mark))
    plot.guides = [.init(.x, at: run.settings.target.share, style: Style(.warning))]
    let images = steps.last?.step.measurement.accuracy.images ?? model.imageCount
    if let dense = model.baseline.fraction(images: images) {
      plot.guides.append(.init(.y, at: dense))
    }
    plot.xLabel = { Numbers.decimal($0 * 100, places: 1) + "%" }
    plot.yLabel = { Numbers.decimal($0 * 100, places: 1) }
    return plot
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    guard !steps.isEmpty || !fineTuned.isEmpty || run.sweep?.points.isEmpty == false, let plot
    else {
      let hint =
        model.baseline.measurement == nil
        ? "Nothing measured yet."
        : "Each step of the search becomes a point here; h and l go along the best."
      frame.putWrapped(hint, in: rect.inset(columns: rect.width > 20 ? 1 : 0), style: .muted)
      return
    }
    let scatter = scatter(in: rect)
    if scatter != rect {
      let (line, legend) = (readout, Span("  lines: dense, target", .muted))
      let row = rect.splitLeft(scatter.width).left.inset(left: 1).row(0)
      let isRoomy = (line + [legend]).displayWidth <= row.width
      frame.put(isRoomy ? line + [legend] : line, in: row)
    }
    frame.draw(plot, in: scatter)
    let side = rect.splitLeft(scatter.width).rest.inset(left: 2)
    let (list, times) = side.splitBottom(run.times.isEmpty ? 0 : side.height / 2)
    drawFront(on: &frame, in: list)
    drawTimes(on: &frame, in: times)
  }

  /// The place of the scatter: below the readout, if there is room for both.
  func scatter(in rect: Rect) -> Rect {
    let hasList =
      rect.width >= 110
      && !(run.history.front.steps.isEmpty && run.sweep?.points.isEmpty ?? true)
    return rect.splitTop(rect.height >= 8 ? 1 : 0).rest
      .splitRight(hasList ? Self.frontWidth : 0).rest
  }

  /// The columns of the list of the front.
  private static let frontWidth = 50

  /// The steps that no other beats and the planner's, the dearest first, with their numbers.
  private func drawFront(on frame: inout Frame, in rect: Rect) {
    guard !rect.isEmpty else { return }
    frame.put("h and l go along them, enter aims at □", in: rect.row(0), style: .muted)
    let shown = run.shown.choices
    let resource = run.history.front.resource
    func cost(_ step: SearchStep) -> Double { model.share(of: step, resource) ?? 0 }
    let plans = run.sweep?.points.map(\.step) ?? []
    let marks =
      run.history.front.steps.map { ("○", Style(.good), $0) }
      + plans.map { ("□", Style(.series4), $0) }
    let rows = marks.sorted { cost($0.2) > cost($1.2) }.prefix(rect.height - 1)
    for (row, (mark, style, step)) in rows.enumerated() {
      let isShown = step.strategy.choices == shown
      let shares = Target.Resource.allCases.compactMap { resource in
        model.share(of: step, resource).map {
          "\(resource.label) \(Numbers.decimal($0 * 100, places: 1).leftPadded(to: 5))%"
        }
      }
      frame.put(
        [
          Span(isShown ? "◆ " : "\(mark) ", isShown ? .accent : style),
          Span(run.name(of: step.strategy).padded(to: 10), isShown ? .accent : .plain),
          Span("acc \(Numbers.decimal(step.measurement.accuracy.fraction * 100, places: 1))  "),
          Span(shares.joined(separator: "  "), .muted),
        ], in: rect.row(row + 1))
    }
  }

  /// The measured time of strategies over the predicted one; on the line they are the same.
  private func drawTimes(on frame: inout Frame, in rect: Rect) {
    guard !rect.isEmpty else { return }
    let (head, area) = rect.splitTop(1)
    let points = run.times.compactMap { choices, measured -> ScatterPlot.Mark? in
      var strategy = model.dense
      strategy.choices = choices
      guard let predicted = model.share(of: strategy, .latency) else { return nil }
      let isShown = choices == run.shown.choices
      return ScatterPlot.Mark(
        x: predicted, y: measured, style: isShown ? .accent : Style(.series2),
        marker: isShown ? "◆" : "●")
    }
    let off = points.map { abs($0.y - $0.x) }.reduce(0, +) / Double(max(points.count, 1))
    frame.put(
      [
        Span("time measured over predicted", .title),
        Span("  off by \(Numbers.decimal(off * 100, places: 1)) points", .muted),
      ], in: head.row(0))
    let values = points.flatMap { [$0.x, $0.y] }
    guard let low = values.min(), let high = values.max() else { return }
    let range = max(0, low - 0.03)...(high + 0.03)
    let line = (0...100).map { place in
      let value = range.lowerBound + Double(place) / 100 * (range.upperBound - range.lowerBound)
      return ScatterPlot.Mark(x: value, y: value, style: .muted)
    }
    var plot = ScatterPlot(line + points)
    plot.xRange = range
    plot.yRange = range
    plot.xLabel = { Numbers.decimal($0 * 100, places: 0) + "%" }
    plot.yLabel = { Numbers.decimal($0 * 100, places: 0) + "%" }
    frame.draw(plot, in: area)
  }

  /// The strategy shown in numbers: its accuracy with the interval, its MACs, its time, beside the lines' values.
  private var readout: [Span] {
    let name = run.shown.isDense ? "dense" : run.name(of: run.shown)
    var spans = [Span("◆ \(name)", .accent)]
    if let measured = shownAccuracy {
      let interval = measured.interval
      spans.append(
        Span(
          "  acc \(Numbers.decimal(measured.fraction * 100, places: 1))"
            + " (\(Numbers.decimal(interval.lowerBound * 100, places: 1))–"
            + "\(Numbers.decimal(interval.upperBound * 100, places: 1)))"))
    }
    for resource in Target.Resource.allCases {
      guard let share = model.share(of: run.shown, resource) else { continue }
      spans.append(Span("  \(resource.label) \(Numbers.decimal(share * 100, places: 1))%"))
    }
    return spans
  }
}
