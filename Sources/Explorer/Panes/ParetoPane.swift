internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit

/// Accuracy over what the target is of: every step, what no other beats, what was fine-tuned, and what is shown.
struct ParetoPane: Widget {
  let state: ExplorerState
  /// The steps drawn, in the order of the plot's marks.
  let steps: [SearchStep]

  /// What was fine-tuned, drawn after them.
  let fineTuned: [FineTuned]

  /// Steps beyond this number are left out, the oldest first; the front is always drawn.
  private static let limit = 4000

  init(_ state: ExplorerState) {
    self.state = state
    let all = state.episodes.suffix(Self.limit).flatMap(\.steps) + state.steps
    steps = all.suffix(Self.limit) + state.front.steps
    fineTuned = state.fineTuned.values.sorted { $0.cost.macs < $1.cost.macs }
  }

  /// What the marks mean, as much of it as fits; the newest mark goes last.
  func note(columns: Int) -> String {
    let best = state.front.steps.isEmpty ? "" : "○ best \(state.front.steps.count)  "
    let tuned = fineTuned.isEmpty ? "" : "★ fine-tuned  "
    guard !best.isEmpty || !tuned.isEmpty else { return "" }
    let notes = [best + tuned + "◆ shown", best + tuned, tuned.isEmpty ? best : tuned]
      .map { $0.last == " " ? String($0.dropLast(2)) : $0 }
    return notes.first { $0.displayWidth <= columns } ?? ""
  }

  /// The step that a mark stands for: for what was fine-tuned one with its choices, if there is any.
  func step(ofMark index: Int) -> SearchStep? {
    if steps.indices.contains(index) { return steps[index] }
    let place = index - ((plot?.marks.count ?? 0) - fineTuned.count)
    guard fineTuned.indices.contains(place) else { return nil }
    let choices = fineTuned[place].strategy.choices
    return steps.last { $0.strategy.choices == choices }
  }

  /// The scatter; nil while there is nothing to show.
  var plot: ScatterPlot? {
    let resource = state.settings.target.resource
    func mark(_ step: SearchStep, style: Style, marker: Character?) -> ScatterPlot.Mark {
      ScatterPlot.Mark(
        x: state.share(of: step, resource) ?? .nan,
        y: step.measurement.accuracy.fraction, style: style, marker: marker)
    }
    let front = state.front.steps.count
    var marks = steps.dropLast(front).map { mark($0, style: Style(.series1), marker: nil) }
    marks += steps.suffix(front).map { mark($0, style: Style(.good), marker: "○") }
    if steps.isEmpty, let baseline = state.baseline {
      marks.append(.init(x: 1, y: baseline.accuracy.fraction, style: Style(.muted), marker: "□"))
    }
    if let shown = state.shownMeasurement {
      marks.append(
        .init(
          x: state.share(of: state.shown, resource) ?? .nan, y: shown.accuracy.fraction,
          style: .accent, marker: "◆"))
    }
    // Last: a gain too small for another cell is still seen.
    marks += fineTuned.map {
      ScatterPlot.Mark(
        x: state.share(of: $0.strategy, resource) ?? .nan, y: $0.after.fraction,
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
        state.baseline == nil
        ? "Nothing measured yet."
        : "Each step of the search becomes a point here; h and l go along the best."
      frame.putWrapped(hint, in: rect.inset(columns: rect.width > 20 ? 1 : 0), style: .muted)
      return
    }
    frame.draw(plot, in: rect)
  }
}
