internal import ModelGraph
internal import Patterns
internal import Search
internal import TerminalKit

extension ExplorerState {
  /// Does what a command says; its conditions hold.
  mutating func perform(_ command: Command) -> [Effect] {
    if let hint = Hint(learnedBy: command), !preferences.learned.contains(hint) {
      preferences.learned.append(hint)
    }
    switch command {
    case .up: move(by: -1)
    case .down: move(by: 1)
    case .pageUp: move(by: -max(1, layerRows / 2))
    case .pageDown: move(by: max(1, layerRows / 2))
    case .first: move(by: -graphRows.rows.count)
    case .last: move(by: graphRows.rows.count)
    case .left: moveSideways(by: -1)
    case .right: moveSideways(by: 1)
    case .nextPane: turnPane(by: 1)
    case .previousPane: turnPane(by: -1)
    case .pane(let pane): focus = pane
    case .zoom: isZoomed.toggle()
    case .fold: toggleFold()
    case .pin: return togglePin()
    case .pinMany: openPinChooser()
    case .edit: openEditor()
    case .toggleRun:
      // Shown at once: the worker confirms it only when the images under way are done.
      isSearching.toggle()
      record(
        Notice(
          isSearching
            ? "search for \(Numbers.target(settings.target))" : "search paused"))
      return [isSearching ? .run : .pause]
    case .playEpisode:
      isSearching = true
      return [.playEpisode]
    case .fineTune: return fineTuneOrAsk()
    case .target:
      let share = Numbers.decimal(settings.target.share * 100, places: 0)
      overlay = .prompt(
        Prompt(
          kind: .target(settings.target.resource, canTurn: latencies != nil),
          field: TextField(share, limit: 10)))
    case .multiplier:
      let held = settings.multiplier.map { Numbers.decimal($0, places: 2) }
      overlay = .prompt(Prompt(kind: .multiplier, field: TextField(held ?? "", limit: 10)))
    case .resume: openRunChooser()
    case .compare:
      isComparing.toggle()
      notice = Notice(
        isComparing ? "compared with \(reference.name); c takes another" : "no longer compared")
    case .reference: chooseReference()
    case .comparison: overlay = .comparison(scroll: 0)
    case .log: overlay = .log(scroll: 0)
    case .previousEpisode: view(episode: (shownEpisode ?? episodes.count) - 1)
    case .nextEpisode: view(episode: (shownEpisode ?? episodes.count) + 1)
    case .previousRecord: if let record = previousRecord { view(episode: record) }
    case .nextRecord: if let record = nextRecord { view(episode: record) }
    case .live: viewing = .live
    case .undo: return undo()
    case .redo: return redo()
    case .export: return openExport()
    case .copy:
      notice = Notice("strategy copied as JSON")
      return [.copy(strategyFile(of: shown).json(for: space))]
    case .copyLine:
      guard let row = selectedRow else { return [] }
      notice = Notice("line copied")
      return [.copy(line(of: row))]
    case .theme: openThemeChooser()
    case .mouse:
      preferences.usesMouse.toggle()
      notice = Notice(
        preferences.usesMouse ? "mouse on: click selects" : "mouse off: the terminal selects text")
      return [.mouse(preferences.usesMouse)]
    case .smooth:
      let levels = Preferences.smoothings
      let place = levels.firstIndex(of: preferences.smoothing) ?? 0
      preferences.smoothing = levels[(place + 1) % levels.count]
      notice = Notice(
        preferences.smoothing > 0
          ? "curves smoothed, the past counts \(Numbers.percent(preferences.smoothing))"
          : "curves as they are")
    case .logarithm:
      preferences.isLogarithmic.toggle()
      notice = Notice(preferences.isLogarithmic ? "logarithmic curves" : "linear curves")
    case .fewerEpisodes: plotSpan = max(2, (plotSpan ?? episodes.count) / 2)
    case .moreEpisodes: plotSpan = plotSpan.flatMap { $0 * 2 < episodes.count ? $0 * 2 : nil }
    case .motion:
      preferences.reducesMotion.toggle()
      notice = Notice(
        preferences.reducesMotion
          ? "the search is drawn once a second" : "the search is drawn as it goes")
    case .filter: overlay = .filter(TextField(filter))
    case .nextMatch: return goToMatch(by: 1)
    case .previousMatch: return goToMatch(by: -1)
    case .help: overlay = .help(scroll: 0)
    case .palette: overlay = .palette(Palette())
    case .back: goBack()
    case .suspend: return [.suspend]
    case .quit: return quit()
    }
    return []
  }

  /// A row as text: its name, its choices, the MACs it keeps.
  private func line(of row: Outline.Row) -> String {
    let choices = selectedUnits(in: row).map { unit in
      shown.choices[unit].name + (shown.pins[unit] ? " pinned" : "")
    }
    let kept = space.macs(of: shown, nodes: nodes(in: row))
    return ([name(of: row)] + choices + ["\(kept) MACs"]).joined(separator: "\t")
  }

  private mutating func move(by rows: Int) {
    selection = min(max(0, selection + rows), max(0, graphRows.rows.count - 1))
  }

  private mutating func turnPane(by step: Int) {
    let panes = Pane.allCases
    let place = panes.firstIndex(of: focus) ?? 0
    focus = panes[(place + step + panes.count) % panes.count]
  }

  /// Left and right: groups in the graph, episodes in the curve, points of the front in the scatter.
  private mutating func moveSideways(by step: Int) {
    switch focus {
    case .layers, .detail:
      guard let row = selectedRow else { return }
      switch (row, step) {
      case (.group(_, isFolded: true), 1), (.siblings, 1), (.group(_, isFolded: false), -1):
        toggleFold()
      case (.layer(let head), -1):
        guard let group = outline.groups(around: head).last else { return }
        selection = graphRows.rows.firstIndex(of: .group(group, isFolded: false)) ?? selection
      case (_, 1): move(by: 1)
      default: break
      }
    case .reward:
      guard !episodes.isEmpty else { return }
      let place = (shownEpisode ?? episodes.count) + step
      if place >= 0 { view(episode: place) }
    case .pareto: moveAlongFront(by: step)
    }
  }

  private mutating func moveAlongFront(by step: Int) {
    let points = front.steps
    guard !points.isEmpty else { return }
    let resource = front.resource
    let here = share(of: shown, resource) ?? 0
    func cost(_ point: SearchStep) -> Double { share(of: point, resource) ?? 0 }
    let next =
      step > 0 ? points.first { cost($0) > here } : points.last { cost($0) < here }
    guard let next else {
      notice = Notice(
        step > 0 ? "no dearer point is better" : "no cheaper point has been found", .refusal)
      return
    }
    view(next)
  }

  /// Shows the step, wherever it was taken.
  mutating func view(_ step: SearchStep) {
    for (number, episode) in episodes.enumerated() {
      if let place = episode.steps.firstIndex(of: step) {
        viewing = .past(episode: number, step: place)
        return
      }
    }
    viewing = .live
  }

  /// Shows the best step of an episode, counted from 0; beyond the last one it is live again.
  mutating func view(episode: Int) {
    guard episodes.indices.contains(episode) else {
      viewing = .live
      return
    }
    let steps = episodes[episode].steps
    viewing = .past(episode: episode, step: steps.firstIndex(of: episodes[episode].best) ?? 0)
  }

  mutating func toggleFold() {
    guard let row = selectedRow else { return }
    let groups: [Int]
    switch row {
    case .group(let group, _): groups = [group]
    case .siblings(let all): groups = all
    case .layer(let head):
      guard let found = outline.groups(around: head).last else { return }
      groups = [found]
    }
    for group in groups {
      let prefix = outline.groups[group].prefix
      if folded.remove(prefix) == nil { folded.insert(prefix) }
    }
    foldRows()
    selection =
      graphRows.rows.firstIndex { row in
        switch row {
        case .group(let group, _): group == groups[0]
        case .siblings(let all): all.contains(groups[0])
        case .layer: false
        }
      } ?? selection
  }

  private mutating func goBack() {
    if !filter.isEmpty {
      filter = ""
    } else if isZoomed {
      isZoomed = false
    } else {
      viewing = .live
    }
  }

  private mutating func quit() -> [Effect] {
    var reasons: [String] = []
    if isSearching { reasons.append("The search is running; its episodes stay on disk.") }
    if fineTuning != nil {
      reasons.append("Fine-tuning is under way; the epochs that are done stay on disk.")
    }
    if hasUnexportedEdits { reasons.append("Your edits have not been exported (x exports).") }
    guard !reasons.isEmpty else { return [.quit] }
    overlay = .quit(reason: reasons.joined(separator: " "))
    return []
  }

  /// Rows of the graph that are on screen.
  var layerRows: Int { max(1, ScreenLayout(self).panes[.layers]?.height ?? 1) }

  /// Scrolls as little as possible so that the selection is on screen.
  mutating func keepSelectionVisible() {
    scroll = ListScroll.offset(
      scroll, selected: selection, count: graphRows.rows.count, visible: layerRows, margin: 2)
  }
}
