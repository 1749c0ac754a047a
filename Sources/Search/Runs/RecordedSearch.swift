internal import Patterns
internal import Threads

/// A search whose episodes and steering are stored as soon as they are there.
struct RecordedSearch: Sendable {
  /// The search; nil until it begins.
  private(set) var searcher: Searcher?
  /// Where it is kept.
  let recorder: RunRecorder
  private let workbench: Workbench

  /// A search that has not begun, or a stored one.
  ///
  /// - Throws: `SearchError` if there is a run where a new one is to be, or the stored one cannot be read.
  init(_ workbench: Workbench, recording: Recording) throws(SearchError) {
    self.workbench = workbench
    recorder = try RunRecorder(workbench, recording)
    searcher = try recorder.searcher()
  }

  /// Takes the search as it is stored by now.
  mutating func readAgain() throws(SearchError) { searcher = try recorder.searcher() ?? searcher }

  /// Begins the search; see `Searcher.init`.
  mutating func begin(
    _ settings: SearchSettings, sensitivity: Sensitivity, latencies: Latencies?,
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
  mutating func know(_ latencies: Latencies) { searcher?.know(latencies) }

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
  private func save() throws(SearchError) {
    if let searcher { try recorder.save(searcher) }
  }
}
