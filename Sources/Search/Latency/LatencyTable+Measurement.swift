internal import Engine
internal import Formats
internal import Foundation
internal import Kernels
internal import Metrics
public import ModelGraph
public import Patterns
internal import Peers
internal import Pruning
public import Threads

extension LatencyTable {
  /// Measures every choice, in turn with the dense network, on the engine that the menus are for: see `batches(of:)`.
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
    var table = LatencyTable(dense: try timer.denseSeconds(), in: space)
    let batches = batches(of: space)
    let count = batches.reduce(0) { $0 + $1.count }
    var (done, repeated) = (0, [Double]())
    for batch in batches {
      if cancellation?.isRequested == true { return nil }
      let (shares, dense) = try timer.shares(of: network(of: batch, in: space, from: model))
      table.note(shares, of: batch, in: space)
      repeated.append(dense)
      done += batch.count
      progress(done, count)
    }
    table.repeated = Timings(repeated)
    return table
  }

  /// A table of a dense network's nodes, without any choices yet.
  init(dense seconds: [Int: Double], in space: PruningSpace) {
    self.init(
      dense: space.graph.nodes.indices.map { seconds[$0] ?? 0 },
      shares: ChoiceTable(of: space) { _, _ in [:] })
  }

  /// Takes the times of a batch's nodes, as shares of the dense ones.
  mutating func note(
    _ shares: [Int: Double], of batch: [UnitChoice], in space: PruningSpace
  ) {
    for choice in batch {
      for node in space.nodesOfUnit[choice.unit] { self.shares[choice][node] = shares[node] }
    }
  }

  /// The network in which the choices of a batch are timed.
  static func network(
    of batch: [UnitChoice], in space: PruningSpace, from model: Model
  ) throws -> LoweredModel {
    try space.apply(Strategy(choosing: batch, in: space), to: model).lowered()
  }

  /// Every choice but the dense ones, in batches of choices of which no two change the time of the same node: those of
  /// a batch are timed in one network, and each has its own nodes' times.
  static func batches(of space: PruningSpace) -> [[UnitChoice]] {
    // Those that change many nodes first, as what is left over goes between them.
    var left = space.alternatives.sorted {
      space.nodesOfUnit[$0.unit].count > space.nodesOfUnit[$1.unit].count
    }
    var batches: [[UnitChoice]] = []
    while !left.isEmpty {
      var taken: Set<Int> = []
      var batch: [UnitChoice] = []
      left.removeAll { choice in
        let nodes = space.nodesOfUnit[choice.unit]
        guard taken.isDisjoint(with: nodes) else { return false }
        taken.formUnion(nodes)
        batch.append(choice)
        return true
      }
      batches.append(batch)
    }
    return batches
  }

  /// The table as it was measured before for this model on this machine, otherwise measured now and
  /// kept in `$XDG_CACHE_HOME/sculpt`. One that was measured while the machine was busy is measured anew.
  public static func cached(
    _ model: Model, digest: String?, _ space: PruningSpace, cancellation: Cancellation? = nil,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> LatencyTable? {
    let timer = try space.engine.nodeTimer(of: model)
    return try CacheFolder.value(
      "latency",
      key: digest.map { ["6", $0, space.menus, "\(space.sharing)", timer.name, machine] },
      isValid: { (known: LatencyTable) in
        known.dense.count == space.graph.nodes.count
          && known.shares.fits(space) && known.doubt == nil
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
