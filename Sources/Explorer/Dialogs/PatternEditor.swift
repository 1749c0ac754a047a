package import ModelGraph
package import Patterns

/// The choice of a pattern for a layer, or of a mask drawn by hand.
package struct PatternEditor: Hashable, Sendable {
  /// The layer.
  package let node: Int
  /// Its units: taps, channels.
  package let units: [Int]
  /// The unit that is chosen for, as a place in `units`.
  package var tab = 0
  /// The patterns on offer.
  package private(set) var menu: [Pattern] = []
  /// The chosen one, as a place in `menu`.
  package var selected = 0
  /// The mask being drawn; nil while the menu has the keyboard.
  package var drawing: TapMask?
  /// Where in the mask the cursor is.
  package var row = 0
  /// Where in the mask the cursor is.
  package var column = 0

  /// The unit that is chosen for.
  package var unit: Int { units[tab] }

  /// An editor for the units of a node, at what `strategy` has there.
  package init?(node: Int, units: [Int], space: PruningSpace, strategy: Strategy) {
    guard !units.isEmpty else { return nil }
    self.node = node
    self.units = units
    choose(tab: 0, space: space, strategy: strategy)
  }

  /// Turns to another unit.
  package mutating func choose(tab: Int, space: PruningSpace, strategy: Strategy) {
    self.tab = tab
    drawing = nil
    menu = space.offers(for: unit, having: strategy.choices[unit])
    selected = menu.firstIndex(of: strategy.choices[unit]) ?? 0
  }

  /// The kernel that masks can be drawn for; nil where channels are pruned.
  package func kernel(in space: PruningSpace) -> Extent? {
    guard case .weights(let node) = space.units[unit].target,
      case .convolution(let conv) = space.graph.nodes[node].op, conv.kernel.area > 1
    else { return nil }
    return conv.kernel
  }

  /// The pattern that enter would choose now.
  package var pattern: Pattern? {
    guard let drawing else {
      return menu.indices.contains(selected) ? menu[selected] : nil
    }
    return drawing.isDense ? .dense : .masks([drawing])
  }
}
