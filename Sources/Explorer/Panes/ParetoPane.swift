internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit

/// Accuracy over the resource that the target is of: every step, those that no other beats, the fine-tuned
/// strategies, and the strategy shown.
struct ParetoPane: Widget {
  private let model: ModelState
  private let run: RunState
  /// The steps drawn, in the order of the plot's marks.
  private let steps: [SearchStep]
  /// Results of fine-tuning, drawn after them.
  private let fineTuned: [FineTuned]

  /// Steps beyond this number are left out, the oldest first; the front is always drawn.
  private static let limit = 4000

  init(_ model: ModelState, _ run: RunState) {
    self.model = model
    self.run = run
    let history = run.history
    let all = history.episodes.suffix(Self.limit).flatMap(\.steps) + history.steps
    steps = all.suffix(Self.limit) + history.front.steps
    fineTuned = run.fineTuned.values.sorted { $0.cost.macs < $1.cost.macs }
  }

  /// The legend of the marks, as much of it as fits; the newest mark goes last.
  func note(columns: Int) -> String {
    let best = run.history.front.steps.isEmpty ? "" : "○ best \(run.history.front.steps.count)  "
    let tuned = fineTuned.isEmpty ? "" : "★ fine-tuned  "
    guard !best.isEmpty || !tuned.isEmpty else { return "" }
    let notes = [best + tuned + "◆ shown", best + tuned, tuned.isEmpty ? best : tuned]
      .map { $0.last == " " ? String($0.dropLast(2)) : $0 }
    return notes.first { $0.displayWidth <= columns } ?? ""
  }

  /// The step that a mark stands for; for a fine-tuned strategy the last step that had it, if there is one.
  func step(ofMark index: Int) -> SearchStep? {
    if steps.indices.contains(index) { return steps[index] }
    let place = index - ((plot?.marks.count ?? 0) - fineTuned.count)
    guard fineTuned.indices.contains(place) else { return nil }
    let choices = fineTuned[place].strategy.choices
    return steps.last { $0.strategy.choices == choices }
  }

  /// The scatter; nil while there is nothing to show.
  var plot: ScatterPlot? {
    let resource = run.settings.target.resource
    func mark(_ step: SearchStep, style: Style, marker: Character?) -> ScatterPlot.Mark {
      ScatterPlot.Mark(
        x: model.share(of: step, resource) ?? .nan,
        y: step.measurement.accuracy.fraction, style: style, marker: marker)
    }
    let front = run.history.front.steps.count
    var marks = steps.dropLast(front).map { mark($0, style: Style(.series1), marker: nil) }
    marks += steps.suffix(front).map { mark($0, style: Style(.good), marker: "○") }
    if steps.isEmpty, let baseline = model.baseline.measurement {
      marks.append(.init(x: 1, y: baseline.accuracy.fraction, style: Style(.muted), marker: "□"))
    }
    if let shown = run.shownMeasurement(in: model) {
      marks.append(
        .init(
          x: model.share(of: run.shown, resource) ?? .nan, y: shown.accuracy.fraction,
          style: .accent, marker: "◆"))
    }
    // Last: a gain too small for another cell is still seen.
    marks += fineTuned.map {
      ScatterPlot.Mark(
        x: model.share(of: $0.strategy, resource) ?? .nan, y: $0.after.fraction,
        style: Style(.warning), marker: "★")
    }
    guard !marks.isEmpty else { return nil }
    var plot = ScatterPlot(marks)
    plot.xLabel = { Numbers.decimal($0 * 100, places: 1) + "%" }
    plot.yLabel = { Numbers.decimal($0 * 100, places: 1) }
    return plot
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    guard !steps.isEmpty || !fineTuned.isEmpty, let plot else {
      let hint =
        model.baseline.measurement == nil
        ? "Nothing measured yet."
        : "Each step of the search becomes a point here; h and l go along the best."
      frame.putWrapped(hint, in: rect.inset(columns: rect.width > 20 ? 1 : 0), style: .muted)
      return
    }
    frame.draw(plot, in: rect)
  }
}
