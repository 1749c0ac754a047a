package import ModelGraph
package import Patterns
package import Pruning

/// The masks that a strategy's patterns became.
package struct MaskSummary: Hashable, Sendable {
  /// A mask and how many filters have it.
  package struct Entry: Hashable, Sendable {
    /// The mask.
    package let mask: TapMask
    /// Filters that keep exactly its taps.
    package let filters: Int
  }

  /// The strategy's choices.
  package let choices: [Pattern]
  /// For each node whose taps are pruned its masks, most frequent first.
  package let masks: [Int: [Entry]]

  /// Counts the masks of a strategy.
  package init(_ strategy: Strategy, pruned: PrunedModel) {
    choices = strategy.choices
    masks = pruned.masks.mapValues { masks in
      Dictionary(grouping: masks) { $0 }
        .map { Entry(mask: $0.key, filters: $0.value.count) }
        .sorted { ($1.filters, $0.mask.bits) < ($0.filters, $1.mask.bits) }
    }
  }
}
