internal import ModelGraph
internal import Patterns

extension ExplorerState {
  /// Why nothing may be changed.
  var whyReadOnly: String? { isReadOnly ? "--readonly forbids changes" : nil }

  /// Why the selected row has no choice.
  var whyNoUnit: String? {
    guard selectedUnits.isEmpty else { return nil }
    guard let node = selectedNode else { return "select a layer within the group first" }
    return "\(space.graph.nodes[node].name) has nothing that can be pruned"
  }

  /// Why the selected row has nothing to pin.
  var whyNothingToPin: String? { unitsWithinSelection.isEmpty ? whyNoUnit : nil }

  /// Why no stored run can be gone on with.
  var whyNoResume: String? {
    if loading == .underWay { return "weights and images are still being read" }
    if isSearching { return "the search is running; p pauses it" }
    if fineTuning != nil { return "fine-tuning is under way; f cancels it" }
    if hasUnexportedEdits { return "your edits have not been exported; x exports, z undoes" }
    return storedRuns.isEmpty ? "there is no other run of this model" : nil
  }

  /// Why there can be no search.
  var whyNoSearch: String? {
    if let failure { return "the search has failed: \(failure)" }
    switch loading {
    case .underWay: return "weights and images are still being read"
    case .failed(let why): return "no search without weights and images: \(why)"
    case .done: return space.units.isEmpty ? "nothing in this model can be pruned" : nil
    }
  }

  /// Why one episode cannot be asked for.
  var whyRunning: String? { isSearching ? "the search is running; p pauses it" : nil }

  /// Why no search begins: it shares the machine with fine-tuning.
  var whyFineTuning: String? {
    guard !isSearching, let fineTuning else { return nil }
    return "\(fineTuning.name) is being fine-tuned; f cancels that"
  }

  /// Why the strategy shown cannot be fine-tuned, or what is under way cannot be cancelled.
  var whyNoFineTuning: String? {
    if let fineTuning { return fineTuning.isCancelling ? "it is being cancelled" : nil }
    switch loading {
    case .underWay: return "weights and images are still being read"
    case .failed(let why): return "no fine-tuning without weights and images: \(why)"
    case .done: break
    }
    if shown.isDense {
      return "nothing is pruned in the dense strategy; [ shows episodes, e edits"
    }
    return fineTuned[shown.choices].map { "done already, \(Numbers.gain($0)) % validation" }
  }

  /// Why there is no earlier episode.
  var whyNoEarlierEpisode: String? {
    if episodes.isEmpty { return "no episode has ended yet; p starts the search" }
    return shownEpisode == 0 ? "this is the first episode" : nil
  }

  /// Why nothing can be written.
  var whyNoExport: String? {
    loading == .underWay ? "weights and images are still being read" : nil
  }

  /// The last record before what is shown.
  package var previousRecord: Int? {
    records.last { $0 < shownEpisode ?? episodes.count }
  }

  /// The first record after what is shown.
  package var nextRecord: Int? {
    shownEpisode.flatMap { shown in records.first { $0 > shown } }
  }
}
