public import Engine
internal import Formats
internal import Foundation
internal import Kernels
public import Metrics
public import ModelGraph
public import Patterns
internal import Peers
internal import Pruning
public import Threads

/// How long a pruned network takes for one image on one thread, beside the dense one.
public struct LatencyComparison: Hashable, Sendable, Codable {
  /// Seconds of the dense network.
  public var dense: Timings
  /// Seconds of the pruned network.
  public var pruned: Timings
  /// The pruned time over the dense time of the same round.
  public var ratio: Timings

  /// Times both in turn, `rounds` times, after two rounds that do not count.
  public init(of pruned: Program, beside dense: Program, rounds: Int = 101) {
    let densely = LatencyProbe(dense)
    let sparsely = LatencyProbe(pruned)
    self.init(rounds: rounds) { (densely.seconds(), sparsely.seconds()) }
  }

  private init(
    rounds: Int, _ times: () throws -> (dense: Double, pruned: Double)
  ) rethrows {
    var (denseTimes, prunedTimes) = ([Double](), [Double]())
    for round in -2..<rounds {
      let times = try times()
      guard round >= 0 else { continue }
      denseTimes.append(times.dense)
      prunedTimes.append(times.pruned)
    }
    self.dense = Timings(denseTimes)
    self.pruned = Timings(prunedTimes)
    ratio = Timings(zip(prunedTimes, denseTimes).map { $0 / $1 })
  }
}

extension LatencyComparison {
  /// Times a pruned model beside the dense one on an engine.
  /// - Throws: `SearchError` if the engine cannot be timed here.
  public init(
    of pruned: Model, beside dense: Model, on engine: TargetEngine, rounds: Int = 101
  ) throws {
    switch engine {
    case .native:
      self.init(
        of: try Program(pruned, imagesPerPass: 1), beside: try Program(dense, imagesPerPass: 1),
        rounds: rounds)
    case .onnx:
      let folder = try TemporaryFolder()
      func peer(_ model: Model, _ name: String) throws -> Peer {
        try ModelFile.write(model, to: folder.path(name))
        return try Peer(onnxRuntimeOn: folder.path(name))
      }
      let (densely, sparsely) = (try peer(dense, "dense.onnx"), try peer(pruned, "pruned.onnx"))
      func seconds(_ peer: Peer) throws -> Double {
        try peer.seconds(threads: 1, batch: 1, repeats: Self.repeats)
      }
      try self.init(rounds: rounds) {
        try withExtendedLifetime(folder) { (try seconds(densely), try seconds(sparsely)) }
      }
    case .tensorrt:
      throw SearchError.untimed(engine)
    }
  }

  /// Images that another engine computes at a time: it is asked in a way that takes time itself.
  private static let repeats = 5
}

extension LatencyTable {
  /// Measures every choice by itself, in turn with the dense network, on the engine that the menus are for.
  ///
  /// - Parameter progress: called with the choices measured and those there are.
  /// - Returns: nil if `cancellation` was asked for.
  /// - Throws: `SearchError` if the engine cannot be timed here.
  public static func measured(
    _ model: Model, _ space: PruningSpace, cancellation: Cancellation? = nil,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> LatencyTable? {
    try measured(
      model, space, with: space.engine.nodeTimer(of: model), cancellation: cancellation,
      progress: progress)
  }

  private static func measured(
    _ model: Model, _ space: PruningSpace, with timer: any NodeTimer,
    cancellation: Cancellation?, progress: (Int, Int) -> Void
  ) throws -> LatencyTable? {
    let seconds = try timer.denseSeconds()
    var table = LatencyTable(
      dense: space.graph.nodes.indices.map { seconds[$0] ?? 0 },
      shares: ChoiceTable(of: space) { _, _ in [:] })
    let count = space.units.reduce(0) { $0 + $1.menu.count - 1 }
    var done = 0
    let start = Strategy(denseFor: space)
    for (unit, description) in space.units.enumerated() {
      for (choice, pattern) in description.menu.enumerated() where pattern != .dense {
        if cancellation?.isRequested == true { return nil }
        var strategy = start
        strategy.choices[unit] = pattern
        let shares = try timer.shares(of: space.apply(strategy, to: model).lowered())
        for node in space.nodesOfUnit[unit] {
          table.shares[unit: unit, choice: choice][node] = shares[node]
        }
        done += 1
        progress(done, count)
      }
    }
    return table
  }

  /// The table as it was measured before for this model on this machine, otherwise measured now and
  /// kept in `$XDG_CACHE_HOME/sculpt`.
  public static func cached(
    _ model: Model, digest: String?, _ space: PruningSpace, cancellation: Cancellation? = nil,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> LatencyTable? {
    let timer = try space.engine.nodeTimer(of: model)
    return try CacheFolder.value(
      "latency",
      key: digest.map { ["3", $0, space.menus, "\(space.sharing)", timer.name, machine] },
      isValid: { (known: LatencyTable) in
        known.dense.count == space.graph.nodes.count
          && known.shares.fits(space)
      },
      make: {
        try measured(model, space, with: timer, cancellation: cancellation, progress: progress)
      })
  }

  /// The processor and the kernels it runs, which tell this machine from another.
  private static var machine: String {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let names = information.split(separator: "\n").filter { $0.hasPrefix("model name") }
    return "\(names.first ?? "unknown"), \(InstructionSet.best.rawValue), "
      + programVersion
  }
}
