import Foundation
import Patterns
import Pruning
import Ranks
import TestSupport
import Testing
import Threads

@testable import Search

/// The same results on any number of ranks.
@Suite struct RankedSearchTests {
  /// Calls `lead` with a small bench that so many ranks share.
  private func onRanks<Result>(_ count: Int, _ lead: (Workbench) throws -> Result) throws -> Result
  {
    try RankThreads.run(
      count,
      follow: { ranks in
        let own = Swift.Result { try SmallBench.make() }
        try? Workbench.meeting(on: ranks, own).workbench.follow()
      }
    ) { ranks in
      let (workbench, remarks) = try Workbench.meeting(
        on: ranks, Swift.Result { try SmallBench.make() })
      #expect(remarks.isEmpty)
      return try lead(workbench)
    }
  }

  private var settings: SearchSettings {
    var settings = SearchSettings()
    settings.target = Target(0.5)
    settings.images = 64
    settings.stepsPerEpisode = 3
    return settings
  }

  @Test func searchesAreEqual() throws {
    let found = try [1, 2, 4].map { count in
      try onRanks(count) { workbench in
        var session = try SearchSession(workbench, settings: settings)
        let result = try session.run(episodes: 3)
        #expect(count == 1 || workbench.ranks.traffic.own < workbench.ranks.traffic.pieces)
        return (session.episodes, result.step)
      }
    }
    for other in found.dropFirst() {
      #expect(other.0 == found[0].0)
      #expect(other.1 == found[0].1)
    }
  }

  @Test func comparisonsAndReportsAreEqual() throws {
    let found = try [1, 3].map { count in
      try onRanks(count) { workbench in
        var best: [SearchStep] = []
        try workbench.compare(
          ["random", "switches", "agent"], settings, seeds: 2,
          sensitivity: Sensitivity(energyOf: workbench.model, in: workbench.space), latencies: nil,
          evaluations: 6, progress: { _, _ in }, tell: { best.append($0.best) })
        var reports: [Data] = []
        try workbench.reportChoices(images: 32, latencies: nil) { report, _ in
          reports.append((try? JSONEncoder.sorted.encode(report)) ?? Data())
        }
        return (best, reports)
      }
    }
    #expect(found[0].0.count == 6)
    #expect(found[0].0 == found[1].0)
    #expect(found[0].1 == found[1].1)
  }

  /// A search that is told to end keeps what it finished, and goes on from there as if nothing had been.
  @Test func anInterruptedSearchGoesOn() throws {
    let folder = try TestSupport.TemporaryFolder()
    let path = folder["run.sqlite"]
    let whole = try onRanks(1) { workbench in
      var session = try SearchSession(workbench, settings: settings)
      _ = try session.run(episodes: 4)
      return session.episodes
    }
    try onRanks(3) { workbench in
      let interruption = Cancellation()
      var session = try SearchSession(
        workbench, settings: settings, options: .init(recording: .new(path: path)),
        tell: { event in
          if case .step = event { interruption.request() }
        })
      #expect(throws: SearchError.self) {
        try session.run(episodes: 4, interruption: interruption)
      }
      #expect(session.episodes == Array(whole.prefix(1)))
    }
    try onRanks(2) { workbench in
      var session = try SearchSession(
        workbench, settings: settings, options: .init(recording: .resume(path: path)))
      _ = try session.run(episodes: 4)
      #expect(session.episodes == whole)
    }
  }

  /// Shares hold each image of a piece once, in order, and say whose part it is.
  @Test(arguments: [1, 2, 3, 7, 40])
  func sharesCoverAPiece(count: Int) throws {
    let space = try SmallBench.make().space
    let piece = LookPiece(
      strategy: Strategy(denseFor: space), parts: [125..<250, 250..<375, 0..<125, 400..<417])
    let shares = piece.shares(count)
    #expect(shares.count <= count)
    var images = [[Int]](repeating: [], count: piece.parts.count)
    for share in shares {
      #expect(share.piece.parts.count == share.parts.count)
      for (part, range) in zip(share.parts, share.piece.parts) { images[part] += Array(range) }
    }
    #expect(images == piece.parts.map(Array.init))
  }

  @Test func sharesSuitTheRanks() {
    func shares(_ pieces: Int, _ ranks: Int) -> Int {
      LookPiece.shares(ofPieces: pieces, images: 1000, overhead: 100, ranks: ranks)
    }
    #expect(shares(8, 1) == 1 && shares(8, 2) == 1 && shares(8, 8) == 1)
    #expect(shares(1, 2) == 2 && shares(1, 4) == 4 && shares(8, 16) == 2)
    #expect(shares(0, 4) == 1)
  }
}

extension JSONEncoder {
  fileprivate static var sorted: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return encoder
  }
}
