internal import Patterns
internal import Search
internal import TerminalKit

extension ExplorerState {
  /// Opens the list of runs, which is read again.
  mutating func openRunBrowser() -> [Effect] {
    overlay = .runs(RunBrowser())
    return [.listRuns]
  }

  /// Does what a key does in the list of runs.
  mutating func press(_ key: Key, in browser: RunBrowser) -> [Effect] {
    if let typed = browser.typed { return type(key, typed, in: browser) }
    var browser = browser
    let runs = model.storedRuns
    let chosen = runs.indices.contains(browser.selected) ? runs[browser.selected] : nil
    switch (key, chosen) {
    case (.escape, _), (.character("q"), _), (.control("c"), _), (.character("R"), _):
      overlay = nil
      return []
    case (.enter, let chosen?): return open(chosen)
    case (.character("c"), let chosen?): return compare(chosen, in: browser)
    case (.character("r"), _) where isReadOnly, (.character("n"), _) where isReadOnly:
      say(whyNothingIsWritten ?? "", .refusal)
      return []
    case (.character("r"), let chosen?), (.character("n"), let chosen?):
      let part: RunBrowser.Part = key == .character("r") ? .name : .note
      let label = chosen.summary.label
      browser.typed = .init(
        part: part, field: TextField(part == .name ? label.name : label.note, limit: 200))
    case (.character("x"), let chosen?), (.delete, let chosen?):
      if let why = whyKept(chosen) {
        say(why, .refusal)
      } else {
        overlay = .question(.delete(chosen))
        return []
      }
    default: browser.selected = ListKeys.move(browser.selected, by: key, count: runs.count)
    }
    overlay = .runs(browser)
    return []
  }

  private mutating func type(
    _ key: Key, _ typed: RunBrowser.Typed, in browser: RunBrowser
  ) -> [Effect] {
    var (typed, browser) = (typed, browser)
    defer { overlay = .runs(browser) }
    switch key {
    case .escape, .control("c"): browser.typed = nil
    case .enter:
      browser.typed = nil
      guard model.storedRuns.indices.contains(browser.selected) else { return [] }
      let run = model.storedRuns[browser.selected].summary
      var label = run.label
      switch typed.part {
      case .name: label.name = typed.field.text
      case .note: label.note = typed.field.text
      }
      model.storedRuns[browser.selected].summary.label = label
      return [.labelRun(run.path, label)]
    default:
      _ = typed.field.handle(key)
      browser.typed = typed
    }
    return []
  }

  private mutating func open(_ chosen: RunOutcome) -> [Effect] {
    if let why = whyNoResume(chosen.summary) {
      say(why, .refusal)
      return []
    }
    if chosen.summary.digest != model.digest, let source = chosen.summary.source {
      return [.open(model: source, run: chosen.summary.path)]
    }
    overlay = nil
    // The present run stays on the disk.
    run = RunState(run.settings, dense: model.dense)
    say("going on with \(chosen.summary.title)")
    return [.resume(chosen.summary.path)]
  }

  /// Why a run cannot be gone on with here.
  private func whyNoResume(_ chosen: RunFolder.Summary) -> String? {
    // One that is followed can be gone on with once its writer has ended.
    if isOpen(chosen), run.writer == nil { return "this is the run on the screen" }
    if !chosen.isBegun { return "there is nothing in it to go on with" }
    if chosen.digest != model.digest, chosen.source == nil {
      return "the run does not say where its model is: sculpt-tui MODEL --resume \(chosen.path)"
    }
    return whyNoOtherRun
  }

  /// Whether a run is the one on the screen.
  func isOpen(_ run: RunFolder.Summary) -> Bool { run.path == model.runPath }

  private func whyKept(_ chosen: RunOutcome) -> String? {
    whyNothingIsWritten ?? (isOpen(chosen.summary) ? "this is the run on the screen" : nil)
  }

  /// Marks a run, or shows its best strategy beside that of the one that was marked.
  private mutating func compare(_ chosen: RunOutcome, in browser: RunBrowser) -> [Effect] {
    var browser = browser
    defer { if case .runs = overlay { overlay = .runs(browser) } }
    guard let best = reference(chosen) else {
      say(
        chosen.summary.digest == model.digest
          ? "there is no episode in it yet" : "it is of another model", .refusal)
      return []
    }
    guard
      let marked = browser.marked.flatMap({ path in
        model.storedRuns.first { $0.summary.path == path }
      }), marked.summary.path != chosen.summary.path, let other = reference(marked)
    else {
      browser.marked = browser.marked == chosen.summary.path ? nil : chosen.summary.path
      return []
    }
    overlay = .comparison(StrategyPair(other, best), scroll: 0)
    return []
  }

  /// The best strategy of a run of this model, to be compared.
  private func reference(_ outcome: RunOutcome) -> Reference? {
    guard outcome.summary.digest == model.digest, let best = outcome.best,
      model.space.fits(best.strategy)
    else { return nil }
    return Reference(name: outcome.summary.title, strategy: best.strategy, step: model.timed(best))
  }

  /// Takes the stored runs: those of this model first.
  mutating func take(_ runs: [RunOutcome]) {
    let own = runs.filter { $0.summary.digest == model.digest }
    model.storedRuns = own + runs.filter { $0.summary.digest != model.digest }
    guard case .runs(var browser) = overlay else { return }
    browser.selected = min(browser.selected, max(0, runs.count - 1))
    overlay = .runs(browser)
  }
}
