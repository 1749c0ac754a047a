public import Engine
internal import Foundation
internal import Kernels
public import ModelGraph
public import Patterns

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
    var (denseTimes, prunedTimes) = ([Double](), [Double]())
    for round in -2..<rounds {
      let times = (densely.seconds(), sparsely.seconds())
      guard round >= 0 else { continue }
      denseTimes.append(times.0)
      prunedTimes.append(times.1)
    }
    self.dense = Timings(denseTimes)
    self.pruned = Timings(prunedTimes)
    ratio = Timings(zip(prunedTimes, denseTimes).map { $0 / $1 })
  }
}

extension LatencyTable {
  /// Measures every choice by itself, in turn with the dense network.
  ///
  /// - Parameter progress: called with the choices measured and those there are.
  /// - Returns: nil if `cancellation` was asked for.
  public static func measured(
    _ model: Model, _ space: PruningSpace, rounds: Int = 7, cancellation: Cancellation? = nil,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> LatencyTable? {
    let program = try Program(model, imagesPerPass: 1)
    let dense = LatencyProbe(program)
    let times = dense.secondsOfNodes(rounds: 3 * rounds)
    var table = LatencyTable(
      dense: space.graph.nodes.indices.map { times[$0] ?? 0 },
      shares: space.units.map { $0.menu.map { _ in [:] } })
    let count = space.units.reduce(0) { $0 + $1.menu.count - 1 }
    var done = 0
    let start = Strategy(denseFor: space)
    for (unit, description) in space.units.enumerated() {
      for (choice, pattern) in description.menu.enumerated() where pattern != .dense {
        if cancellation?.isRequested == true { return nil }
        var strategy = start
        strategy.choices[unit] = pattern
        let pruned = LatencyProbe(
          try Program(space.apply(strategy, to: model).model, imagesPerPass: 1))
        var ratios: [Int: [Double]] = [:]
        for _ in 0..<rounds {
          let (before, after) = (
            dense.secondsOfNodes(rounds: 1), pruned.secondsOfNodes(rounds: 1)
          )
          for node in space.nodesOfUnit[unit] {
            guard let before = before[node], let after = after[node] else { continue }
            ratios[node, default: []].append(after / before)
          }
        }
        table.shares[unit][choice] = ratios.mapValues { Timings($0).median }
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
    try CacheFolder.value(
      "latency", key: digest.map { ["2", $0, space.menus, machine] },
      isValid: { (known: LatencyTable) in
        known.dense.count == space.graph.nodes.count
          && known.shares.map(\.count) == space.units.map(\.menu.count)
      },
      make: { try measured(model, space, cancellation: cancellation, progress: progress) })
  }

  /// What tells this machine from another: its processor and the kernels it runs.
  private static var machine: String {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let names = information.split(separator: "\n").filter { $0.hasPrefix("model name") }
    return "\(names.first ?? "unknown"), \(InstructionSet.best.rawValue), "
      + StrategyFile.programVersion
  }
}
