internal import Foundation
internal import GRDB
internal import Patterns

extension RunConnection {
  /// The search as it was after the last episode, if one was kept, and the episodes after one of this number.
  func contents(after number: Int = 0) throws -> (state: Searcher.State?, episodes: [Episode]) {
    let stored = try read { database in
      (
        state: try Data.fetchOne(database, sql: "SELECT state FROM run WHERE state IS NOT NULL"),
        episodes: try Data.fetchAll(
          database, sql: "SELECT record FROM episode WHERE number > ? ORDER BY number",
          arguments: [number])
      )
    }
    let decoder = PropertyListDecoder()
    let state = try stored.state.map { try decoder.decode(Searcher.State.self, from: $0) }
    let episodes = try stored.episodes.map { record in
      var episode = try decoder.decode(Episode.self, from: record)
      // One that was stored before targets could change has none of its own.
      if episode.target.share.isNaN, let state { episode.target = state.settings.target }
      // Scores of older versions meant something else.
      for step in episode.steps.indices {
        episode.steps[step].score = episode.steps[step].measurement.score
      }
      return episode
    }
    return (state, episodes)
  }

  /// A number that is another one when another connection has written since.
  func version() throws -> Int {
    try read { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
  }

  /// What whoever shows the run kept beside it; nil if nothing.
  func memory() throws -> Data? {
    try read { database in
      guard try database.tableExists("memory") else { return nil }
      return try Data.fetchOne(database, sql: "SELECT record FROM memory")
    }
  }
}
