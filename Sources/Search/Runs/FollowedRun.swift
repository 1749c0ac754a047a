/// A run that another program writes: what has come to it since it was read last.
package struct FollowedRun: Sendable {
  private let store: RunStore
  /// What is known, without the episodes.
  private var known: StoredRun
  /// The number of the last episode that is known.
  private var last: Int
  private var version: Int?

  /// A run of which so much is known.
  package init(_ store: RunStore, after known: StoredRun) {
    self.store = store
    self.known = known
    last = known.episodes.last?.number ?? 0
    (self.known.episodes, self.known.memory) = ([], nil)
  }

  /// Reads what is new: the later episodes, and everything else as it is now; nil if nothing is.
  package mutating func news() throws(SearchError) -> StoredRun? {
    var run = known
    // Asked first: who has ended by then has written everything.
    run.writer = RunWriter(ofRun: store.path)
    let version = try store.version()
    if version != self.version {
      let (state, episodes) = try store.contents(after: last)
      if let state {
        (run.settings, run.pins, run.multiplier) = (state.settings, state.pins, state.multiplier)
      }
      run.episodes = episodes
      self.version = version
    }
    guard run != known else { return nil }
    known = run
    known.episodes = []
    last = run.episodes.last?.number ?? last
    return run
  }
}
