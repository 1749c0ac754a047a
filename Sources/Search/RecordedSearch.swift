public import Engine

/// A search whose every episode is stored as soon as it ends.
public struct RecordedSearch: Sendable {
  /// The search.
  public internal(set) var searcher: Searcher
  private var store: RunStore?
  private let newPath: String?
  private let workbench: Workbench

  /// Begins a search, or goes on with a stored one.
  /// - Throws: `SearchError` if the settings make no sense or the run cannot be read.
  public init(
    _ workbench: Workbench, settings: SearchSettings, recording: SearchWorker.Recording
  ) throws(SearchError) {
    self.workbench = workbench
    var path: String?
    var stored: Searcher?
    switch recording {
    case .none: break
    case .new(let new): path = new
    case .resume(let old):
      store = try RunStore.open(old, for: workbench)
      stored = try store?.searcher(on: workbench)
    }
    newPath = path
    if let stored {
      searcher = stored
    } else {
      searcher = try Searcher(workbench, settings: settings)
    }
  }

  /// Every step taken so far.
  public var steps: [SearchStep] { searcher.episodes.flatMap(\.steps) + searcher.steps }

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
