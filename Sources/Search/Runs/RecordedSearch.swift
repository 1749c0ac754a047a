public import Patterns
public import Threads

/// A search whose every episode is stored as soon as it ends.
public struct RecordedSearch: Sendable {
  /// The search.
  public internal(set) var searcher: Searcher
  private var store: RunStore?
  private let newPath: String?
  private let workbench: Workbench

  /// Begins a search, or goes on with a stored one.
  ///
  /// - Parameters:
  ///   - latencies: what each choice does to the time of an image, if it was measured.
  ///   - sensitivity: is asked for when a search begins; a stored run knows its own.
  /// - Throws: `SearchError` if the settings make no sense or the run cannot be read.
  public init(
    _ workbench: Workbench, settings: SearchSettings, recording: SearchWorker.Recording,
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

  /// Every step taken so far.
  public var steps: [SearchStep] { searcher.episodes.flatMap(\.steps) + searcher.steps }

  /// Holds pinned units from now on; see `Searcher.pin`.
  public mutating func pin(_ strategy: Strategy) { searcher.pin(strategy) }

  /// Says what each choice does to the time of an image; see `Searcher.know`.
  public mutating func know(_ latencies: LatencyTable) { searcher.know(latencies) }

  /// Aims elsewhere from now on; see `Searcher.steer`.
  public mutating func steer(target: Target, multiplier: Double?) throws(SearchError) {
    try searcher.steer(target: target, multiplier: multiplier)
  }

  /// Takes a step; see `Searcher.step`. The file is made when there is something to keep.
  public mutating func step(_ cancellation: Cancellation? = nil) throws(SearchError) -> Searcher
    .StepOutcome?
  {
    let outcome = try searcher.step(cancellation: cancellation)
    if case .episode = outcome {
      if store == nil, let newPath { store = try RunStore.create(at: newPath, for: workbench) }
      try store?.save(searcher)
    }
    return outcome
  }
}
