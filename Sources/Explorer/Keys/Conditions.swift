internal import ModelGraph
internal import Patterns
internal import Search

extension ExplorerState {
  /// Why nothing may be changed.
  var whyReadOnly: String? { whyNothingIsWritten ?? run.writer?.whyOnlyShown }

  /// Why no file may be written.
  var whyNothingIsWritten: String? { isReadOnly ? "--readonly forbids changes" : nil }

  /// Why the selected row has no choice.
  var whyNoUnit: String? {
    guard selectedUnits.isEmpty else { return nil }
    guard let node = selectedNode else { return "select a layer within the group first" }
    return "\(model.space.graph.nodes[node].name) has nothing that can be pruned"
  }

  /// Why the selected row cannot be changed by a key that acts on the pane with the keyboard.
  private var whyElsewhere: String? {
    switch screen.focus {
    case .layers, .detail: nil
    case .score, .pareto, .steps, .log:
      "the keyboard is in \(screen.focus.title); 1 goes to the layers, 3 to the selected one"
    }
  }

  /// Why no targets are swept.
  var whyNoSweep: String? {
    if run.fineTuning != nil { return "fine-tuning is under way; f cancels it" }
    return model.sensitivity == nil
      ? "the losses of choices are not known yet; they are being measured" : nil
  }

  /// Why no group is folded or opened.
  var whyNoFold: String? {
    if screen.focus == .pareto, run.sweptPoint != nil { return whyReadOnly }
    if let whyElsewhere { return whyElsewhere }
    guard screen.focus == .detail, selectedNode != nil else { return nil }
    return "a layer is shown here; e edits it, 1 goes to the groups"
  }

  /// Why the selected row has nothing to pin.
  var whyNothingToPin: String? {
    if let whyElsewhere { return whyElsewhere }
    let units = layers.selectedRow.map { model.units(within: $0) } ?? []
    return units.isEmpty ? whyNoUnit : nil
  }

  /// Why no other run can be gone on with.
  var whyNoOtherRun: String? {
    if let why = run.whyLoading ?? run.whySearching { return why }
    // Edits are kept with the run that they are in.
    return run.fineTuning == nil ? nil : "fine-tuning is under way; f cancels it"
  }

  /// How many other runs of this model there are.
  var otherRuns: Int {
    model.storedRuns.count { $0.summary.digest == model.digest && !isOpen($0.summary) }
  }

  /// Why no other images can be chosen.
  var whyNoOtherImages: String? {
    run.whyLoading
      ?? (run.fineTuning == nil ? nil : "fine-tuning is under way; f cancels it")
  }

  /// Why an edit cannot be undone or done again.
  func whyNo(_ edit: Edit?, else nothing: String) -> String? {
    guard let edit else { return nothing }
    if let whyReadOnly { return whyReadOnly }
    if case .images = edit.change { return whyNoOtherImages }
    return nil
  }

  /// Why there is no best strategy to be found.
  var whyNoBest: String? {
    if let why = whyNoSearch { return why }
    let target = run.settings.target
    if run.history.episodes.contains(where: { $0.target == target }) { return nil }
    return "no episode for \(Numbers.target(target)) has ended yet; p starts the search"
  }

  /// Why there can be no search.
  var whyNoSearch: String? {
    if let failure = run.work.failure { return "the search has failed: \(failure)" }
    if let why = run.whyLoading { return why }
    if case .failed(let why) = run.work.loading {
      return "no search without weights and images: \(why)"
    }
    return model.space.units.isEmpty ? "nothing in this model can be pruned" : nil
  }
}

extension RunState {
  /// Why nothing that needs weights or images can be done yet.
  var whyLoading: String? {
    work.loading == .underWay ? "weights and images are still being read" : nil
  }

  /// Why nothing can be done that a search under way forbids.
  var whySearching: String? { work.isSearching ? "the search is running; p pauses it" : nil }

  /// Why no search begins: it shares the machine with fine-tuning.
  var whyFineTuning: String? {
    guard !work.isSearching, let fineTuning else { return nil }
    return "\(fineTuning.name) is being fine-tuned; f cancels that"
  }

  /// Why the strategy shown cannot be fine-tuned, or the fine-tuning under way cannot be cancelled.
  var whyNoFineTuning: String? {
    if let fineTuning { return fineTuning.isCancelling ? "it is being cancelled" : nil }
    if let whyLoading { return whyLoading }
    if case .failed(let why) = work.loading {
      return "no fine-tuning without weights and images: \(why)"
    }
    let shown = shown
    if shown.isDense {
      return "nothing is pruned in the dense strategy; [ shows episodes, e edits"
    }
    return fineTuned[shown.choices].map { "done already, \(Numbers.gain($0)) % validation" }
  }

  /// Why there is no earlier episode.
  var whyNoEarlierEpisode: String? {
    if history.episodes.isEmpty { return "no episode has ended yet; p starts the search" }
    return shownEpisode == 0 ? "this is the first episode" : nil
  }

  /// Why there is no later episode.
  var whyLive: String? { viewing == .live ? "this is live already" : nil }
}
