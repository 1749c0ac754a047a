internal import Engine
internal import Formats
internal import ModelGraph
public import Patterns
internal import Synchronization
public import Threads

extension Corrector {
  /// Probes of the logits: the mean of so many squares is within a fifth or so.
  private static let probes = 64
  /// Probes of networks with more than `largeMACs` multiply-accumulates, each of which takes seconds.
  private static let fewProbes = 32
  private static let largeMACs = 1_000_000_000

  /// How far the logits are expected to move when one choice is made and everything else stays dense: the squared error
  /// over the variance of the logits, to first order. See `LogitJacobian`.
  ///
  /// - Parameter progress: called on some thread with the choices worked out and probes taken, and those there are.
  /// - Returns: nil if `cancellation` was asked for.
  /// - Throws: `TrainingError` if the model cannot be differentiated.
  public func expectedErrors(
    _ correction: Correction, cancellation: Cancellation? = nil,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> ChoiceTable<Float>? {
    let jacobian = try LogitJacobian(
      model, images: heldOut ?? images,
      probes: .normal(model.graph.macs > Self.largeMACs ? Self.fewProbes : Self.probes),
      threads: threads)
    var table = ChoiceTable(of: space) { _, _ in Float(0) }
    let parts = choicesTogether
    let count = parts.reduce(0) { $0 + $1.count + jacobian.samples }
    progress(0, count)
    try prepare(correction.decisions)
    let done = Atomic(0)
    @Sendable func advance() { progress(done.add(1, ordering: .relaxed).newValue, count) }
    for choices in parts {
      // Unit by unit, as the choices of a unit begin with the same work; the largest first, so that no thread is left
      // with one of them at the end.
      let units = Set(choices.map(\.unit)).sorted { (weights(of: $0), $1) > (weights(of: $1), $0) }
      let solved = parallelMap(units.count, threads: threads) { place in
        Result {
          try choices.filter { $0.unit == units[place] }.map { choice in
            if cancellation?.isRequested == true { throw CancellationError() }
            defer { advance() }
            return (choice: choice, change: try change(choice, correction, from: jacobian.model))
          }
        }
      }
      if cancellation?.isRequested == true { return nil }
      let changes = try solved.flatMap { try $0.get() }
      let errors = jacobian.errors(
        of: changes.map(\.change), cancellation: cancellation, progress: advance)
      guard let errors else { return nil }
      for (changed, error) in zip(changes, errors) { table[changed.choice] = error }
    }
    return table
  }

  /// All choices but the dense ones, unit after unit, in parts whose changes fit in their share of the memory.
  private var choicesTogether: [[UnitChoice]] {
    var parts: [[UnitChoice]] = [[]]
    var bytes = 0
    for choice in space.alternatives {
      let size = 2 * weights(of: choice.unit)
      if bytes + size > memory.weightChanges, bytes > 0 {
        parts.append([])
        bytes = 0
      }
      parts[parts.count - 1].append(choice)
      bytes += size
    }
    return parts
  }

  /// The weights that may change with a unit's choice.
  private func weights(of unit: Int) -> Int {
    space.nodesOfUnit[unit].reduce(0) { sum, node in
      sum + (model.graph.weight(of: node)?.shape.reduce(1, *) ?? 0)
    }
  }

  /// The change of the parameters under a choice.
  private func change(
    _ choice: UnitChoice, _ correction: Correction, from dense: Model
  ) throws -> WeightChange {
    let strategy = Strategy(choosing: [choice], in: space)
    return try WeightChange(prune(strategy, correction.decisions), from: dense)
  }
}
