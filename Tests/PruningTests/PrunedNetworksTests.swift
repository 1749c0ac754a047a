import Engine
import Formats
import Foundation
import ModelGraph
import Patterns
import TestSupport
import Testing

@testable import Pruning

/// Networks, pruned, corrected, written and read: what is written computes what was measured.
@Suite struct PrunedNetworksTests {
  @Test(arguments: UInt64(0)..<10) func randomNetworksAreWhatTheyShouldBe(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    try Run(name: "\(seed)", seed: seed, folder: folder.path)
      .check(RandomNetwork.model(seed: 5000 + seed))
  }

  @Test(arguments: UInt64(0)..<2) func gatesFollowTheChannelsBesideThem(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    try Run(name: "gated \(seed)", seed: seed, folder: folder.path)
      .check(RandomNetwork.gated(seed: seed))
  }

  @Test(
    .enabled(if: !SharedCases.names.isEmpty, "no ../shared/cases"), arguments: SharedCases.names)
  func casesAreWhatTheyShouldBe(name: String) throws {
    let folder = try TemporaryFolder()
    guard let model = try Self.model(ofCase: name) else { return }
    try Run(name: name, seed: UInt64(name.utf8.count), folder: folder.path).check(model)
  }

  /// `Tests/Fuzz/run pruning` starts this, and has ONNX Runtime compute what is written.
  @Test(.enabled(if: Fuzzing.asked != nil, "Tests/Fuzz/run pruning asks for it"))
  func fuzz() throws {
    let asked = try #require(Fuzzing.asked)
    let cases = SharedCases.names
    for seed in asked.seeds {
      try Run(name: "\(seed)", seed: UInt64(seed), folder: asked.folder, mixes: 3, isFuzzing: true)
        .check(RandomNetwork.model(seed: UInt64(seed)))
      // One case a seed: all of them take minutes.
      guard !cases.isEmpty, case let name = cases[seed % cases.count],
        let model = try Self.model(ofCase: name)
      else { continue }
      try Run(name: "\(name) \(seed)", seed: UInt64(seed), folder: asked.folder, isFuzzing: true)
        .check(model)
    }
  }

  /// Nil for one that can only be looked at.
  private static func model(ofCase name: String) throws -> Model? {
    let file = try ModelFile.readStructure(at: SharedCases.path(name))
    let isComputed = file.model.graph.nodes.allSatisfy {
      if case .unsupported = $0.op { false } else { true }
    }
    return isComputed ? try ModelFile.read(at: SharedCases.path(name)).model : nil
  }

  /// The seeds to try and the folder to write to, as the environment asks for.
  private struct Fuzzing {
    let folder: String
    let seeds: Range<Int>

    static let asked: Fuzzing? = {
      let environment = ProcessInfo.processInfo.environment
      guard let folder = environment["FUZZ_FOLDER"],
        let first = environment["FUZZ_FIRST"].flatMap({ Int($0) }),
        let count = environment["FUZZ_COUNT"].flatMap({ Int($0) }), count >= 0
      else { return nil }
      return Fuzzing(folder: folder, seeds: first..<first + count)
    }()
  }

  /// All strategies for one network.
  private struct Run {
    let name: String
    let seed: UInt64
    let folder: String
    var mixes = 2
    var isFuzzing = false

    func check(_ model: Model) throws {
      let engines: [TargetEngine] = [.native, .onnx]
      let check = PruningCheck(model, engine: engines[Int(seed % 2)], seed: seed)
      let corrections: [Correction] = [
        .none, .matched, .reconstructed, .reconstructedAndMatched, .resolved,
      ]
      for (place, entry) in check.strategies(mixes: mixes, seed: Int(seed)).enumerated() {
        let unit = entry.name.replacing("/", with: "-")
        try check.run(
          entry.strategy, corrections[(place + Int(seed)) % corrections.count],
          writing: "\(folder)/\(name) \(unit).onnx", writesArrays: isFuzzing)
      }
    }
  }
}
