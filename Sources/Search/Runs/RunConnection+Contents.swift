internal import Foundation
internal import GRDB

extension RunConnection {
  /// The search as it was after the last episode, if one was kept, and the episodes.
  func contents() throws -> (state: Searcher.State?, episodes: [Episode]) {
    let stored = try read { database in
      (
        state: try Data.fetchOne(database, sql: "SELECT state FROM run WHERE state IS NOT NULL"),
        episodes: try Data.fetchAll(database, sql: "SELECT record FROM episode ORDER BY number")
      )
    }
    let decoder = PropertyListDecoder()
    return (
      try stored.state.map { try decoder.decode(Searcher.State.self, from: $0) },
      try stored.episodes.map { try decoder.decode(Episode.self, from: $0) }
    )
  }

  /// What whoever shows the run kept beside it; nil if nothing.
  func memory() throws -> Data? {
    try read { database in
      guard try database.tableExists("memory") else { return nil }
      return try Data.fetchOne(database, sql: "SELECT record FROM memory")
    }
  }
}
