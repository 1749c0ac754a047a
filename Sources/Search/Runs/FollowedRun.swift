/// A run that another program writes: what has come to it since it was read last.
package struct FollowedRun: Sendable {
  private let file: RunFile
  /// What is known, without the episodes.
  private var known: StoredRun
  /// The number of the last episode that is known.
  private var last: Int
  private var version: Int?

  /// A run of which so much is known.
  package init(_ file: RunFile, after known: StoredRun) {
    self.file = file
    self.known = known
    last = known.episodes.last?.number ?? 0
    (self.known.episodes, self.known.memory) = ([], nil)
  }

  /// Reads what is new: the later episodes, and everything else as it is now; nil if nothing is.
  package mutating func news() throws(SearchError) -> StoredRun? {
    var run = known
    // Asked first: who has ended by then has written everything.
    run.writer = RunWriter(ofRun: file.path)
    let version = try file.version()
    if version != self.version {
      let (state, episodes) = try file.contents(after: last)
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
