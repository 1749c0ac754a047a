public import Engine
internal import Formats
internal import Kernels
public import Metrics
public import ModelGraph
public import Patterns
internal import Peers
internal import Pruning
internal import Threads

/// How long a pruned network takes for one image on one thread, beside the dense one.
public struct LatencyComparison: Hashable, Sendable, Codable {
  /// The engine that ran both, with its version.
  public var engine: String
  /// Seconds of the dense network.
  public var dense: Timings
  /// Seconds of the pruned network.
  public var pruned: Timings
  /// The pruned time over the dense time of the same round.
  public var ratio: Timings

  /// A comparison that is known.
  package init(
    engine: String = Self.ownEngine, dense: Timings, pruned: Timings, ratio: Timings
  ) {
    (self.engine, self.dense, self.pruned, self.ratio) = (engine, dense, pruned, ratio)
  }

  /// Sculpt's own engine.
  package static let ownEngine = "sculpt \(programVersion)"

  /// Times both in turn, `rounds` times, after two rounds that do not count.
  public init(of pruned: Program, beside dense: Program, rounds: Int = 101) {
    let densely = LatencyProbe(dense)
    let sparsely = LatencyProbe(pruned)
    self.init(Self.ownEngine, rounds: rounds) { (densely.seconds(), sparsely.seconds()) }
  }

  private init(
    _ engine: String, rounds: Int, _ times: () throws -> (dense: Double, pruned: Double)
  ) rethrows {
    self.engine = engine
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
  /// Times a pruned model beside the dense one on an engine, unless `cancellation` is asked for; then nil.
  /// - Throws: `SearchError` if the engine cannot be timed here.
  init?(
    of pruned: Model, beside dense: Model, on engine: TargetEngine, rounds: Int,
    cancellation: Cancellation
  ) throws {
    struct Cancelled: Error {}
    do {
      try self.init(of: pruned, beside: dense, on: engine, rounds: rounds) {
        if cancellation.isRequested { throw Cancelled() }
      }
    } catch is Cancelled {
      return nil
    }
  }

  /// Times a pruned model beside the dense one on an engine.
  /// - Throws: `SearchError` if the engine cannot be timed here.
  public init(
    of pruned: Model, beside dense: Model, on engine: TargetEngine, rounds: Int = 101
  ) throws {
    try self.init(of: pruned, beside: dense, on: engine, rounds: rounds) {}
  }

  /// - Parameter proceed: called before each round, which may end it by an error.
  private init(
    of pruned: Model, beside dense: Model, on engine: TargetEngine, rounds: Int,
    _ proceed: () throws -> Void
  ) throws {
    switch engine {
    case .native:
      let densely = LatencyProbe(try Program(dense, imagesPerPass: 1))
      let sparsely = LatencyProbe(try Program(pruned, imagesPerPass: 1))
      try self.init(Self.ownEngine, rounds: rounds) {
        try proceed()
        return (densely.seconds(), sparsely.seconds())
      }
    case .onnx, .openvino, .tensorrt:
      guard let runtime = engine.runtime else { throw SearchError.untimed(engine) }
      let densely = try RuntimeProcess(runtime, dense)
      let sparsely = try RuntimeProcess(runtime, pruned)
      func seconds(_ process: RuntimeProcess) throws -> Double {
        try process.peer.seconds(threads: 1, batch: 1, repeats: Self.repeats)
      }
      try self.init(sparsely.peer.name, rounds: rounds) {
        try proceed()
        return (try seconds(densely), try seconds(sparsely))
      }
    }
  }

  /// Times both on an engine, and on every other that is found here.
  public static func onEveryEngine(
    of pruned: Model, beside dense: Model, first engine: TargetEngine = .native, rounds: Int = 101
  ) throws -> [LatencyComparison] {
    let first = try LatencyComparison(of: pruned, beside: dense, on: engine, rounds: rounds)
    let others = TargetEngine.allCases.filter { $0 != engine }
    return [first]
      + others.compactMap {
        try? LatencyComparison(of: pruned, beside: dense, on: $0, rounds: rounds)
      }
  }

  /// Images that another engine computes at a time: it is asked in a way that takes time itself.
  private static let repeats = 5
}
