internal import Metrics
internal import Search
internal import TerminalKit

/// What the best strategy of every episode would be rewarded with if it were proposed as it is, with the best so far; fine-tuning has the room while it is under way.
struct RewardPane: Widget {
  let state: ExplorerState

  init(_ state: ExplorerState) { self.state = state }

  var title: String { state.fineTuning.map { "FINE-TUNING \($0.name)" } ?? "REWARD" }

  /// The weight of an excess in the reward, held or not, how the curve is drawn, the best reward.
  func note(columns: Int) -> String {
    guard state.fineTuning == nil, let record = state.records.last else { return "" }
    let best = "best \(Numbers.reward(state.episodes[record].score))"
    let weight =
      "w \(Numbers.decimal(state.multiplier, places: 2))"
      + (state.settings.multiplier == nil ? "" : "=")
    let (smoothing, isLogarithmic) = (state.preferences.smoothing, state.preferences.isLogarithmic)
    let drawing =
      (smoothing > 0 ? "smooth \(Numbers.decimal(smoothing, places: 1))  " : "")
      + (isLogarithmic ? "log  " : "")
    return ["\(drawing)\(weight)  \(best)", "\(weight)  \(best)", best]
      .first { $0.displayWidth <= columns } ?? ""
  }

  /// The curve; nil before the first episode has ended.
  var plot: LinePlot? {
    guard !state.episodes.isEmpty else { return nil }
    var plot = LinePlot([LinePlot.Series]())
    plot.show(state.episodesInPlots.map { state.episodes[$0].score }, of: state)
    plot.showsBest = true
    return plot
  }

  /// Where the curve is drawn: below what fine-tuning shows, if there is room for both.
  func curve(in rect: Rect) -> Rect {
    guard state.fineTuning != nil else { return rect }
    return rect.splitTop(rect.height >= FineTunePane.height + 4 ? FineTunePane.height : rect.height)
      .rest
  }

  func draw(on frame: inout Frame, in rect: Rect) {
    let curve = curve(in: rect)
    if let progress = state.fineTuning {
      let (top, _) = rect.splitTop(rect.height - curve.height)
      frame.draw(FineTunePane(progress), in: top)
      if let plot, !curve.isEmpty { frame.draw(plot, in: curve) }
    } else if let plot {
      frame.draw(plot, in: rect)
    } else {
      frame.putWrapped(hint, in: rect.inset(columns: rect.width > 20 ? 1 : 0), style: .muted)
    }
  }

  /// What there is to wait for, or to do.
  private var hint: String {
    if let why = state.failure { return "The search has failed: \(why)" }
    switch state.loading {
    case .underWay: return "Reading weights and images…"
    case .failed(let why): return "No search without weights and images: \(why)"
    case .done: break
    }
    if let (done, count) = state.analysing, state.isBaselineFinal {
      return "Measuring what each choice costs: \(done) of \(count). "
        + (state.isSearching ? "The search begins then." : "p starts the search after it.")
    }
    if state.isSearching {
      return "The first episode is being played: step \(state.steps.count + 1) of "
        + "\(state.settings.stepsPerEpisode)."
    }
    if !state.isBaselineFinal {
      let done = state.baseline?.accuracy.images ?? 0
      return
        "Measuring the dense model: \(done) of \(state.imageCount) images. p starts the search."
    }
    if state.isReadOnly { return "No episodes; --readonly forbids a search." }
    return "Press p to start the search for \(Numbers.target(state.settings.target)), "
      + "n to play one episode."
  }
}
