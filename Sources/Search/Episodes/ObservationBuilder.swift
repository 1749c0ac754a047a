internal import Agent
internal import Foundation
internal import ModelGraph
internal import Patterns

/// Turns a strategy into what the agent sees of it.
struct ObservationBuilder: Sendable {
  private let costs: CostModel
  private let sensitivity: Sensitivity
  private let edges: [Observation.Edge]
  /// The features that do not depend on the strategy, one row a node.
  private let fixedFeatures: [[Float]]
  private let nodesOfUnit: [[Int]]
  /// The cost of each node when nothing is pruned.
  private let denseCosts: [Int]

  private var space: PruningSpace { costs.space }

  /// Columns of the node features.
  static let nodeFeatureCount = operatorKinds.count + 9
  /// Columns of the choice features.
  static let choiceFeatureCount = Pattern.families.count + 6

  private static let operatorKinds = [
    "Input", "Conv", "BatchNormalization", "Relu", "Add", "MaxPool", "AveragePool",
    "GlobalAveragePool", "Flatten", "Gemm", "LayerNormalization", "MultiHeadAttention", "Gelu",
  ]

  /// - Parameter hasEdges: whether the agent sees which nodes read which.
  init(_ costs: CostModel, sensitivity: Sensitivity, hasEdges: Bool = true) {
    self.costs = costs
    self.sensitivity = sensitivity
    let space = costs.space
    let graph = space.graph
    let all = Strategy(denseFor: space)
    let denseCosts = graph.nodes.indices.map { costs.cost(ofNode: $0, all) }
    self.denseCosts = denseCosts
    let dense = space.denseCost
    var edges: [Observation.Edge] = []
    for (index, node) in graph.nodes.enumerated() {
      for source in node.inputs {
        // The longer operand of an addition is the residual one.
        let isResidual = node.inputs.count == 2 && source == node.inputs.min()
        edges.append(.init(from: source, to: index, kind: isResidual ? .residual : .dataFlow))
      }
    }
    for group in space.groups.groups {
      for (first, second) in zip(group.producers, group.producers.dropFirst()) {
        edges.append(.init(from: first, to: second, kind: .coupling))
      }
    }
    self.edges = hasEdges ? edges : []
    fixedFeatures = graph.nodes.indices.map { index in
      let node = graph.nodes[index]
      var row = Self.operatorKinds.map { Float($0 == node.op.name ? 1 : 0) }
      row.append(Float(denseCosts[index]) / Float(max(costs.dense, 1)) * 10)
      row.append(Float(graph.parameterCount(of: index)) / Float(max(dense.parameters, 1)) * 10)
      row.append(log2(Float(node.shape.channels)) / 10)
      row.append(log2(Float(node.shape.height * node.shape.width)) / 16)
      row.append(Float(index) / Float(graph.nodes.count))
      return row
    }
    nodesOfUnit = space.units.map { unit in
      switch unit.target {
      case .weights(let node): [node]
      case .channels(let group): space.groups.groups[group].producers
      }
    }
  }

  /// The agent's observation: the network under `strategy`, and for each unit its menu. A pinned unit
  /// has its pattern alone to choose.
  func observation(
    of strategy: Strategy, prior: StrategyPrior, budget: Budget, changeRate: Double
  ) -> Observation {
    let dense = Float(costs.dense)
    let kept = Float(costs.cost(of: strategy))
    let table = FeatureTable(
      fixedFeatures.enumerated().map { index, row in
        let units = space.units(of: index)
        let whole = Float(denseCosts[index])
        let share = whole == 0 ? 1 : Float(costs.cost(ofNode: index, strategy)) / whole
        return row + [
          share,
          units.contains { strategy.pins[$0] } ? 1 : 0,
          units.reduce(0) { $0 + loss(of: strategy.choices[$1], unit: $1) },
          (Float(budget.limit) - kept) / dense,
        ]
      })
    return Observation(
      nodeFeatures: table, edges: edges,
      units: space.units.indices.map { unit(at: $0, strategy, prior, changeRate) })
  }

  private func unit(
    at index: Int, _ strategy: Strategy, _ prior: StrategyPrior, _ changeRate: Double
  ) -> Observation.Unit {
    let current = strategy.choices[index]
    let menu = strategy.pins[index] ? [current] : space.units[index].menu
    let dense = Float(costs.dense)
    let keptNow = costs.cost(of: strategy, nodesOf: index)
    let rows = menu.map { pattern in
      var changed = strategy
      changed.choices[index] = pattern
      let cost = Float(costs.cost(of: changed, nodesOf: index))
      return Pattern.families.map { Float($0 == pattern.family ? 1 : 0) } + [
        cost / dense * 10, (cost - Float(keptNow)) / dense * 10,
        loss(of: pattern, unit: index),
        loss(of: pattern, unit: index) - loss(of: current, unit: index),
        pattern == current ? 1 : 0,
        Float(cost / max(Float(keptNow), 1)).squareRoot().clamped(to: 0...3),
      ]
    }
    let place = menu.firstIndex(of: current) ?? 0
    let logPrior =
      strategy.pins[index]
      ? [0] : prior.logProbabilities(unit: index, current: place, changeRate: changeRate)
    return Observation.Unit(
      nodes: nodesOfUnit[index], choiceFeatures: FeatureTable(rows), prior: logPrior,
      isLegal: menu.map { _ in true })
  }

  private func loss(of pattern: Pattern, unit: Int) -> Float {
    space.units[unit].menu.firstIndex(of: pattern).map {
      sensitivity.losses[unit: unit, choice: $0]
    } ?? 0
  }
}

extension Float {
  fileprivate func clamped(to range: ClosedRange<Float>) -> Float {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
