internal import Patterns
internal import Threads

/// A search whose episodes and steering are stored as soon as they are there.
struct RecordedSearch: Sendable {
  /// The search.
  private(set) var searcher: Searcher
  private var store: RunStore?
  private let newPath: String?
  private let workbench: Workbench

  /// Begins a search, or goes on with a stored one.
  ///
  /// - Parameters:
  ///   - latencies: what each choice does to the time of an image, if it was measured.
  ///   - sensitivity: is asked for when a search begins; a stored run knows its own.
  /// - Throws: `SearchError` if the settings make no sense or the run cannot be read.
  init(
    _ workbench: Workbench, settings: SearchSettings, recording: Recording,
    latencies: LatencyTable? = nil, sensitivity: () throws -> Sensitivity
  ) throws {
    self.workbench = workbench
    var path: String?
    var stored: Searcher?
    switch recording {
    case .none: break
    case .new(let new):
      // The file is made after the first episode, which is late to hear of this.
      try RunStore.refuseExisting(new)
      path = new
    case .resume(let old):
      store = try RunStore.open(old, for: workbench)
      stored = try store?.searcher(on: workbench)
    }
    newPath = path
    if let stored {
      searcher = stored
      if let latencies { searcher.know(latencies) }
    } else {
      searcher = try Searcher(
        workbench, settings: settings, sensitivity: sensitivity(), latencies: latencies)
    }
  }

  /// Holds pinned units from now on; see `Searcher.pin`.
  mutating func pin(_ strategy: Strategy) throws(SearchError) {
    guard strategy != searcher.pins else { return }
    searcher.pin(strategy)
    try save()
  }

  /// Says what each choice does to the time of an image; see `Searcher.know`.
  mutating func know(_ latencies: LatencyTable) { searcher.know(latencies) }

  /// Aims elsewhere from now on; see `Searcher.steer`.
  mutating func steer(target: Target, multiplier: Double?) throws(SearchError) {
    let before = searcher.settings
    try searcher.steer(target: target, multiplier: multiplier)
    // The state in the midst of an episode is not one to go on from.
    if searcher.settings != before { try save() }
  }

  /// Takes a step; see `Searcher.step`.
  mutating func step(_ cancellation: Cancellation? = nil) throws(SearchError)
    -> Searcher.StepOutcome?
  {
    let outcome = try searcher.step(cancellation: cancellation)
    if case .episode = outcome { try save() }
    return outcome
  }

  /// Keeps the search as it is; the file is made when there is something to keep.
  private mutating func save() throws(SearchError) {
    if store == nil, let newPath { store = try RunStore.create(at: newPath, for: workbench) }
    try store?.save(searcher)
  }
}
