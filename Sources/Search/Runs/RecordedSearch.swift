internal import Foundation
internal import Patterns
internal import Threads

/// A search whose episodes and steering are stored as soon as they are there.
struct RecordedSearch: Sendable {
  /// The search; nil until it begins.
  private(set) var searcher: Searcher?
  private var store: RunStore?
  private let newPath: String?
  private let workbench: Workbench

  /// A search that has not begun, or a stored one.
  ///
  /// - Throws: `SearchError` if there is a run where a new one is to be, or the stored one cannot be read.
  init(_ workbench: Workbench, recording: Recording) throws(SearchError) {
    self.workbench = workbench
    switch recording {
    case .none: newPath = nil
    case .new(let path):
      // The file is made when there is something to keep, which is late to hear of this.
      try RunStore.refuseExisting(path)
      newPath = path
    case .resume(let path):
      newPath = nil
      store = try RunStore.open(path, for: workbench)
      searcher = try store?.searcher(on: workbench)
    }
  }

  /// Begins the search; see `Searcher.init`.
  mutating func begin(
    _ settings: SearchSettings, sensitivity: Sensitivity, latencies: LatencyTable?,
    pins: Strategy?
  ) throws(SearchError) {
    searcher = try Searcher(
      workbench, settings: settings, sensitivity: sensitivity, latencies: latencies)
    if let pins { try pin(pins) }
  }

  /// Holds pinned units from now on; see `Searcher.pin`.
  mutating func pin(_ strategy: Strategy) throws(SearchError) {
    guard let searcher, strategy != searcher.pins else { return }
    self.searcher?.pin(strategy)
    try save()
  }

  /// Says what each choice does to the time of an image; see `Searcher.know`.
  mutating func know(_ latencies: LatencyTable) { searcher?.know(latencies) }

  /// Aims elsewhere from now on; see `Searcher.steer`.
  mutating func steer(target: Target, multiplier: Double?) throws(SearchError) {
    let before = searcher?.settings
    try searcher?.steer(target: target, multiplier: multiplier)
    // The state in the midst of an episode is not one to go on from.
    if searcher?.settings != before { try save() }
  }

  /// Takes a step; see `Searcher.step`.
  mutating func step(_ cancellation: Cancellation? = nil) throws(SearchError)
    -> Searcher.StepOutcome?
  {
    let outcome = try searcher?.step(cancellation: cancellation)
    if case .episode = outcome { try save() }
    return outcome
  }

  /// Keeps the search as it is.
  private mutating func save() throws(SearchError) {
    guard let searcher else { return }
    try makeStore()
    try store?.save(searcher)
  }

  // MARK: Memory

  /// What whoever shows the search kept beside it; nil if nothing.
  func memory() throws(SearchError) -> Data? { try store?.memory() }

  /// Keeps what whoever shows the search is to be told when it is gone on with, in place of what was kept before.
  mutating func remember(_ memory: Data) throws(SearchError) {
    try makeStore()
    try store?.remember(memory)
  }

  private mutating func makeStore() throws(SearchError) {
    if store == nil, let newPath { store = try RunStore.create(at: newPath, for: workbench) }
  }
}
