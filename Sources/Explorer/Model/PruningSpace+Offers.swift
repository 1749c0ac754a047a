package import Patterns

extension PruningSpace {
  /// The patterns offered for a unit that has one of them: its menu without those that prune nothing, and of those
  /// of a family that keep equally much only one.
  package func offers(for unit: Int, having now: Pattern) -> [Pattern] {
    var seen: Set<Offer> = [Offer(now, kept(now, of: unit).kept)]
    return units[unit].menu.filter { pattern in
      if pattern == now || pattern == .dense { return true }
      // Masks that keep equally many taps are not alike.
      if case .masks = pattern { return true }
      let (kept, all) = kept(pattern, of: unit)
      return kept < all && seen.insert(Offer(pattern, kept)).inserted
    }
  }
}

private struct Offer: Hashable {
  let family: String
  let kept: Int

  init(_ pattern: Pattern, _ kept: Int) {
    family = pattern.family
    self.kept = kept
  }
}
