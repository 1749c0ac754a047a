internal import ModelGraph
internal import Patterns
internal import Search
internal import TerminalKit

extension ExplorerState {
  /// Does what a command says; its conditions hold.
  mutating func perform(_ command: Command) -> [Effect] {
    if let hint = Hint(learnedBy: command), !screen.preferences.learned.contains(hint) {
      screen.preferences.learned.append(hint)
    }
    switch command {
    case .up: move(by: -1)
    case .down: move(by: 1)
    case .pageUp: move(by: -halfPage)
    case .pageDown: move(by: halfPage)
    case .first: move(by: -.max)
    case .last: move(by: .max)
    case .left: moveSideways(by: -1)
    case .right: moveSideways(by: 1)
    case .nextPane: screen.turnPane(by: 1)
    case .previousPane: screen.turnPane(by: -1)
    case .pane(let pane): screen.focus = pane
    case .zoom: screen.isZoomed.toggle()
    case .fold:
      if screen.focus == .pareto, let effects = aimAtSwept() { return effects }
      layers.toggleFold(in: model)
    case .sweep: return toggleSweep()
    case .pin: return togglePin()
    case .pinMany: openPinChooser()
    case .edit: openEditor()
    case .toggleRun: return toggleRun()
    case .playEpisode:
      run.work.isSearching = true
      return [.playEpisode]
    case .fineTune: return fineTuneOrAsk()
    case .target: openTargetPrompt()
    case .multiplier: openMultiplierPrompt()
    case .data: return openDataDialog()
    case .resume: return openRunBrowser()
    case .compare:
      screen.isComparing.toggle()
      say(
        screen.isComparing
          ? "compared with \(run.reference.name); c takes another" : "no longer compared")
    case .reference: chooseReference()
    case .comparison: overlay = .comparison(nil, scroll: 0)
    case .log: overlay = .log(scroll: 0)
    case .previousEpisode:
      run.view(episode: (run.shownEpisode ?? run.history.episodes.count) - 1)
    case .nextEpisode: run.view(episode: (run.shownEpisode ?? run.history.episodes.count) + 1)
    case .previousRecord: if let record = run.previousRecord { run.view(episode: record) }
    case .nextRecord: if let record = run.nextRecord { run.view(episode: record) }
    case .best:
      run.work.isFindingBest = true
      return [.findBest]
    case .live: run.viewing = .live
    case .undo: return undo()
    case .redo: return redo()
    case .export: return openExport()
    case .copy:
      let json = run.strategyFile(of: run.shown, in: model).json(for: model.space)
      say(
        "strategy sent to the terminal's clipboard, \(json.utf8.count) bytes of JSON; "
          + "where it takes none, x writes a file")
      return [.copy(json)]
    case .copyLine:
      guard let row = layers.selectedRow else { return [] }
      say("line sent to the terminal's clipboard: \(model.name(of: row))")
      return [.copy(line(of: row))]
    case .theme: openThemeChooser()
    case .mouse:
      screen.preferences.usesMouse.toggle()
      let usesMouse = screen.preferences.usesMouse
      say(usesMouse ? "mouse on: click selects" : "mouse off: the terminal selects text")
      return [.mouse(usesMouse)]
    case .smooth:
      screen.preferences.smoothMore()
      let smoothing = screen.preferences.smoothing
      say(
        smoothing > 0
          ? "curves smoothed, the past counts \(Numbers.percent(smoothing))"
          : "curves as they are")
    case .logarithm:
      screen.preferences.isLogarithmic.toggle()
      say(screen.preferences.isLogarithmic ? "logarithmic curves" : "linear curves")
    case .fewerEpisodes:
      run.plotSpan = max(2, (run.plotSpan ?? run.history.episodes.count) / 2)
    case .moreEpisodes:
      let count = run.history.episodes.count
      run.plotSpan = run.plotSpan.flatMap { $0 * 2 < count ? $0 * 2 : nil }
    case .motion:
      screen.preferences.reducesMotion.toggle()
      say(
        screen.preferences.reducesMotion
          ? "the search is drawn once a second" : "the search is drawn as it goes")
    case .filter: overlay = .filter(TextField(layers.filter))
    case .nextMatch: selectMatch(by: 1)
    case .previousMatch: selectMatch(by: -1)
    case .help: overlay = .help(scroll: 0)
    case .explain: overlay = .explanation(screen.focus, scroll: 0)
    case .palette: overlay = .palette(Palette())
    case .back:
      if run.isSweeping { return stopSweep() }
      goBack()
    case .suspend: return [.suspend]
    case .quit: return quit()
    }
    return []
  }

  private mutating func toggleRun() -> [Effect] {
    // Shown at once: the worker confirms it only when the images under way are done.
    run.work.isSearching.toggle()
    let isSearching = run.work.isSearching
    let target = Numbers.target(run.settings.target)
    run.record(Notice(isSearching ? "search for \(target)" : "search paused"))
    return [isSearching ? .run : .pause]
  }

  /// Compares with what is shown from now on; with nothing pruned if it was so already.
  private mutating func chooseReference() {
    let isChosen = run.reference.strategy.choices == run.shown.choices
    run.reference = isChosen ? Reference(dense: model.dense) : run.shownReference
    screen.isComparing = true
    say("compared with \(run.reference.name) from now on")
  }

  /// A row as text: its name, its choices, the MACs it keeps.
  private func line(of row: Outline.Row) -> String {
    let shown = run.shown
    let choices = model.units(of: row).map { unit in
      shown.choices[unit].name + (shown.pins[unit] ? " pinned" : "")
    }
    let kept = model.space.macs(of: shown, nodes: model.nodes(in: row))
    return ([model.name(of: row)] + choices + ["\(kept) MACs"]).joined(separator: "\t")
  }

  private mutating func goBack() {
    if !layers.filter.isEmpty {
      layers.filter = ""
    } else if screen.isZoomed {
      screen.isZoomed = false
    } else {
      run.viewing = .live
    }
  }

  private mutating func quit() -> [Effect] {
    var reasons: [String] = []
    if run.work.isSearching {
      reasons.append("The search is running; its episodes stay on disk.")
    }
    if run.fineTuning != nil {
      reasons.append("Fine-tuning is under way; the epochs that are done stay on disk.")
    }
    if run.edits.areUnexported {
      reasons.append("Your edits have not been exported (x exports).")
    }
    guard !reasons.isEmpty else { return [.quit] }
    overlay = .question(.quit(reasons.joined(separator: " ")))
    return []
  }
}
