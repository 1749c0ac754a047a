internal import ModelGraph
public import Patterns

/// Finds the choices with the least total loss within a budget, by dynamic programming.
///
/// Losses add up over units; costs do not, as those of a layer are a product of its taps, its filters and its
/// inputs. A knapsack with an item a unit would get them wrong, and one with an item a layer would have
/// neighbours disagree about the channels between them. So units are eliminated one after the other
/// (nonserial dynamic programming, Bertelè and Brioschi 1972; bucket elimination, Dechter 1999): for every
/// joint choice of the units that share a layer with it or with those that went before, the Pareto front of
/// cost and loss is kept of what was eliminated. In a chain of layers that is a front for each choice of one
/// neighbour, in a residual network of two or three.
///
/// **Bound.** Costs are exact, but of a front's points within one cell of the grid of costs only the one with
/// the least loss is kept. Each time that this is done a choice can get dearer by at most a cell, so the loss
/// is at most that of the best strategy with `slack(limit:)` less to spend. With more cells than that the result
/// is optimal.
public struct DynamicProgram: Sendable {
  private let space: PruningSpace
  private let start: Strategy
  /// The options of each unit: its menu, or the one choice that it is held at.
  private let options: [[Pattern]]
  /// The units that have a choice, in the order in which they are eliminated.
  private let order: [Int]
  /// The cost of each layer for every joint choice of its units, in the order of `Table.fronts`.
  private let layers: [(scope: [Int], costs: [Int])]
  /// The cost that no choice changes.
  private let fixed: Int
  /// How often points of a front are left out on the way to a strategy, at most.
  private let thinnings: Int
  private let cells: Int

  /// A program over all units that `start` does not pin.
  ///
  /// - Parameters:
  ///   - start: where units stay that are pinned, or that are tied to so many others (by concatenations,
  ///     say) that their joint choices would be more than `jointChoices`.
  ///   - cells: of the grid of costs, from none to the budget.
  public init(
    _ costs: CostModel, from start: Strategy, cells: Int = 1024, jointChoices: Int = 1 << 13
  ) {
    let space = costs.space
    self.space = space
    self.start = start
    self.cells = cells
    var options = space.units.indices.map {
      start.pins[$0] ? [start.choices[$0]] : space.units[$0].menu
    }
    func isFree(_ unit: Int) -> Bool { options[unit].count > 1 }

    var scopes = costs.unitsOfNode.map { Set($0.filter(isFree)) }.filter { !$0.isEmpty }
    var order: [Int] = []
    var thinnings = 0
    func neighbourhood(_ unit: Int) -> Set<Int> {
      scopes.reduce(into: [unit]) { if $1.contains(unit) { $0.formUnion($1) } }
    }
    func jointCount(_ units: Set<Int>) -> Double {
      units.reduce(1) { $0 * Double(options[$1].count) }
    }
    while let (unit, units) = Set(scopes.joined()).sorted().map({ ($0, neighbourhood($0)) })
      .min(by: { jointCount($0.1) < jointCount($1.1) })
    {
      if jointCount(units) > Double(jointChoices),
        let held = units.sorted().max(by: { neighbourhood($0).count < neighbourhood($1).count })
      {
        options[held] = [start.choices[held]]
        for index in scopes.indices { scopes[index].remove(held) }
        continue
      }
      order.append(unit)
      let others = scopes.filter { !$0.contains(unit) }
      thinnings += scopes.count - others.count
      scopes = others + [units.subtracting([unit])]
    }
    self.options = options
    self.order = order
    self.thinnings = thinnings + scopes.count

    var held = start
    for (unit, options) in options.enumerated() where options.count == 1 {
      held.choices[unit] = options[0]
    }
    var layers: [(scope: [Int], costs: [Int])] = []
    var fixed = 0
    for node in space.graph.nodes.indices {
      let scope = costs.unitsOfNode[node].filter { options[$0].count > 1 }
      var strategy = held
      let joint = Self.jointChoices(of: scope, options).map { choices in
        for (unit, choice) in zip(scope, choices) { strategy.choices[unit] = options[unit][choice] }
        return costs.cost(ofNode: node, strategy)
      }
      if scope.isEmpty { fixed += joint[0] } else { layers.append((scope, joint)) }
    }
    self.layers = layers
    self.fixed = fixed
  }

  /// By how much the budget is used less well than it could be, at most: see **Bound** above.
  func slack(limit: Int) -> Int { cell(limit) == 1 ? 0 : thinnings * cell(limit) }

  private func cell(_ limit: Int) -> Int { max(1, (limit + cells - 1) / cells) }

  /// The strategy with the least sum of losses that costs at most `limit`.
  ///
  /// - Parameter sensitivity: what each choice costs.
  /// - Returns: nil if no choices fit the budget.
  public func strategy(_ sensitivity: Sensitivity, within limit: Int) -> Strategy? {
    strategies(sensitivity, within: limit).first
  }

  /// The strategies that cost at most `limit`, of which none costs and loses less than another: those that lose least
  /// first.
  func strategies(_ sensitivity: Sensitivity, within limit: Int) -> some Collection<Strategy> {
    let grid = Grid(most: limit - fixed, cell: cell(limit))
    var tables = layers.map { layer in
      Table(
        scope: layer.scope,
        fronts: layer.costs.map { $0 <= grid.most ? [Point(cost: $0, loss: 0, trail: .start)] : [] }
      )
    }
    for unit in order {
      let concerned = tables.filter { $0.scope.contains(unit) }
      let scope = Set(concerned.flatMap(\.scope)).subtracting([unit]).sorted()
      let losses = options[unit].map { pattern in
        space.units[unit].menu.firstIndex(of: pattern).map {
          Double(sensitivity.losses[unit: unit, choice: $0])
        } ?? 0
      }
      var chosen = [Int](repeating: 0, count: options.count)
      let fronts = Self.jointChoices(of: scope, options).map { choices in
        for (unit, choice) in zip(scope, choices) { chosen[unit] = choice }
        let fronts = losses.indices.map { choice in
          chosen[unit] = choice
          return grid.sum(of: concerned.map { $0.front(of: chosen, options) })
        }
        return grid.union(of: fronts, losses: losses, unit: unit)
      }
      tables.removeAll { $0.scope.contains(unit) }
      tables.append(Table(scope: scope, fronts: fronts))
    }
    let front = grid.most >= 0 ? grid.sum(of: tables.map { $0.fronts[0] }) : []
    return front.reversed().lazy.map { point in
      var strategy = start
      point.trail.visit { strategy.choices[$0] = options[$0][$1] }
      return strategy
    }
  }

  /// Every joint choice of some units, the last unit's changing fastest: `[joint choices][units]`.
  private static func jointChoices(of scope: [Int], _ options: [[Pattern]]) -> [[Int]] {
    scope.reduce([[]]) { joint, unit in
      joint.flatMap { choices in options[unit].indices.map { choices + [$0] } }
    }
  }
}

/// The fronts of eliminated units for every joint choice of those in `scope`.
private struct Table {
  /// Ascending.
  let scope: [Int]
  /// For each joint choice, the last unit's changing fastest: ascending in cost, descending in loss.
  let fronts: [[Point]]

  /// The front where unit u makes choice number `chosen[u]`.
  func front(of chosen: [Int], _ options: [[Pattern]]) -> [Point] {
    fronts[scope.reduce(0) { $0 * options[$1].count + chosen[$1] }]
  }
}

/// The cost and loss of some choices together.
private struct Point {
  var cost: Int
  var loss: Double
  var trail: Trail
}

/// Which choices led to a point.
private indirect enum Trail {
  case start
  case choice(unit: Int, number: Int, Trail)
  case both(Trail, Trail)

  func visit(_ body: (Int, Int) -> Void) {
    switch self {
    case .start: break
    case .choice(let unit, let number, let rest):
      body(unit, number)
      rest.visit(body)
    case .both(let first, let second):
      first.visit(body)
      second.visit(body)
    }
  }
}

/// Puts fronts together, with one point in each cell of costs.
private struct Grid {
  /// The most that a point may cost.
  let most: Int
  /// How wide a cell is.
  let cell: Int

  /// One choice from each front.
  func sum(of fronts: [[Point]]) -> [Point] {
    fronts.dropFirst().reduce(fronts.first ?? [Point(cost: 0, loss: 0, trail: .start)]) {
      sum($0, $1)
    }
  }

  private func sum(_ first: [Point], _ second: [Point]) -> [Point] {
    thinned(trail: { .both(first[$0].trail, second[$1].trail) }) { offer in
      for (i, one) in first.enumerated() {
        for (j, other) in second.enumerated() where one.cost + other.cost <= most {
          offer(one.cost + other.cost, one.loss + other.loss, i, j)
        }
      }
    }
  }

  /// One choice of the unit, each with its front and its loss.
  func union(of fronts: [[Point]], losses: [Double], unit: Int) -> [Point] {
    thinned(trail: { .choice(unit: unit, number: $0, fronts[$0][$1].trail) }) { offer in
      for (choice, front) in fronts.enumerated() {
        for (place, point) in front.enumerated() {
          offer(point.cost, point.loss + losses[choice], choice, place)
        }
      }
    }
  }

  /// Of all points offered, which have two numbers to be known by, those that no other one beats, and of each cell
  /// the one with the least loss.
  private func thinned(
    trail: (Int, Int) -> Trail, _ all: ((_ cost: Int, _ loss: Double, Int, Int) -> Void) -> Void
  ) -> [Point] {
    guard most >= 0 else { return [] }
    var best = [(cost: Int, loss: Double, first: Int, second: Int)](
      repeating: (0, .infinity, 0, 0), count: most / cell + 1)
    all { cost, loss, first, second in
      let known = best[cost / cell]
      if loss < known.loss || loss == known.loss && cost < known.cost {
        best[cost / cell] = (cost, loss, first, second)
      }
    }
    var front: [Point] = []
    for point in best where point.loss < front.last?.loss ?? .infinity {
      front.append(
        Point(cost: point.cost, loss: point.loss, trail: trail(point.first, point.second)))
    }
    return front
  }
}
