internal import ModelGraph
public import Patterns

/// Brings strategies to a target with the least expected loss.
public struct Budget: Sendable {
  /// The cost of strategies in the budgeted resource; the mean of several devices'.
  public let costs: CostModel
  /// The cost on each device, within the limit on all of which a strategy has to be; the same as `costs` if there is one.
  let devices: [CostModel]
  private let latencies: Latencies?
  /// The expected loss of each choice.
  public private(set) var sensitivity: Sensitivity
  /// The most that a strategy may cost, in the unit of the costs.
  public let limit: Int

  /// The decisions.
  public var space: PruningSpace { costs.space }

  /// A budget of `share` times the dense cost.
  public init(_ costs: CostModel, sensitivity: Sensitivity, share: Double) {
    self.init(costs, devices: [costs], nil, sensitivity, share)
  }

  /// A budget of `share` times each device's dense time.
  public init(
    latenciesOf space: PruningSpace, _ latencies: Latencies, sensitivity: Sensitivity, share: Double
  ) {
    let tables = latencies.tables
    guard tables.count > 1 else {
      self.init(
        CostModel(latenciesOf: space, tables[0]), sensitivity: sensitivity, share: share)
      return
    }
    func mean(_ weights: [Double]) -> CostModel {
      CostModel(latenciesOf: space, latencies, weights: weights)
    }
    self.init(
      mean(tables.map { _ in 1 }),
      devices: tables.indices.map { device in mean(tables.indices.map { $0 == device ? 1 : 0 }) },
      latencies, sensitivity, share)
  }

  /// What a target leaves.
  /// - Throws: `SearchError` if it is of time and choices were never timed.
  init(
    _ target: Target, of space: PruningSpace, _ latencies: Latencies?, sensitivity: Sensitivity
  ) throws(SearchError) {
    switch target.resource {
    case .macs:
      self.init(CostModel(macsOf: space), sensitivity: sensitivity, share: target.share)
    case .latency:
      guard let latencies else {
        throw SearchError("a target of latency needs the time of every choice, which is not known")
      }
      self.init(latenciesOf: space, latencies, sensitivity: sensitivity, share: target.share)
    }
  }

  private init(
    _ costs: CostModel, devices: [CostModel], _ latencies: Latencies?, _ sensitivity: Sensitivity,
    _ share: Double
  ) {
    (self.costs, self.devices, self.latencies) = (costs, devices, latencies)
    self.sensitivity = sensitivity
    limit = Int((Double(costs.dense) * share).rounded(.down))
  }

  /// The mean of the devices' costs by those weights.
  func mean(_ weights: [Double]) -> CostModel {
    latencies.map { CostModel(latenciesOf: space, $0, weights: weights) } ?? costs
  }

  /// The same budget with other expected losses.
  func judging(by sensitivity: Sensitivity) -> Budget {
    var budget = self
    budget.sensitivity = sensitivity
    return budget
  }

  /// How far the strategy is over the budget, on the device where that is most, as a share of the dense cost; 0 within
  /// it.
  public func excess(of strategy: Strategy) -> Double {
    let over = (costs(of: strategy).max() ?? 0) - limit
    return over > 0 ? Double(over) / Double(costs.dense) : 0
  }

  /// What a strategy costs on each device.
  private func costs(of strategy: Strategy) -> [Int] { devices.map { $0.cost(of: strategy) } }

  /// By how much costs are over the limit, on all devices together.
  private func excess(of costs: [Int]) -> Int { costs.reduce(0) { $0 + max(0, $1 - limit) } }

  /// The losses of a strategy's choices together; drawn masks, of which none is known, count for nothing.
  func loss(of strategy: Strategy) -> Double {
    zip(space.units, strategy.choices).enumerated().reduce(0) { sum, unit in
      let choice = unit.element.0.menu.firstIndex(of: unit.element.1)
      return sum + (choice.map { Double(sensitivity.losses[unit: unit.offset, choice: $0]) } ?? 0)
    }
  }

  /// The strategy within the budget: choices with the least loss for what they save are taken
  /// until it fits, then what is left over is spent where they help most. Pinned units stay.
  ///
  /// - Returns: the nearest there is if the pins leave no way into the budget.
  public func repaired(_ strategy: Strategy) -> Strategy {
    var strategy = strategy
    while case let kept = costs(of: strategy), excess(of: kept) > 0,
      let change = bestChange(of: strategy, costs: kept, saving: true)
    {
      strategy.choices[change.unit] = change.pattern
    }
    while case let kept = costs(of: strategy), kept.allSatisfy({ $0 < limit }),
      let change = bestChange(of: strategy, costs: kept, saving: false)
    {
      strategy.choices[change.unit] = change.pattern
    }
    return strategy
  }

  /// The change of one unit with the best ratio of loss to cost: downwards when `saving`, otherwise
  /// upwards within the budget and without more loss. Costs are those of the devices that are over the budget, or of all.
  private func bestChange(
    of strategy: Strategy, costs kept: [Int], saving: Bool
  ) -> (unit: Int, pattern: Pattern)? {
    var best: (ratio: Double, unit: Int, pattern: Pattern)?
    for (unit, menu) in space.units.map(\.menu).enumerated() where !strategy.pins[unit] {
      guard let current = menu.firstIndex(of: strategy.choices[unit]) else { continue }
      let before = devices.map { $0.cost(of: strategy, nodesOf: unit) }
      for (choice, pattern) in menu.enumerated() where choice != current {
        var changed = strategy
        changed.choices[unit] = pattern
        let costs = devices.indices.map {
          kept[$0] - before[$0] + devices[$0].cost(of: changed, nodesOf: unit)
        }
        let saved = Double(
          zip(kept, costs).reduce(0) { $0 + (!saving || $1.0 > limit ? $1.0 - $1.1 : 0) })
        let losses = sensitivity.losses[unit: unit]
        let loss = Double(losses[choice] - losses[current])
        if saving {
          guard excess(of: costs) < excess(of: kept) else { continue }
        } else {
          guard excess(of: costs) == 0, loss < 0, saved < 0 else { continue }
        }
        // Saving: least loss for what is saved. Spending: most loss undone for what is spent.
        let ratio = loss / saved * (saving ? 1 : -1)
        if best.map({ ratio < $0.ratio }) ?? true { best = (ratio, unit, pattern) }
      }
    }
    return best.map { ($0.unit, $0.pattern) }
  }
}
