internal import ModelGraph
internal import Patterns

extension Pattern {
  /// The mask of each filter: of those that it shares a mask with the one that keeps most energy.
  ///
  /// - Parameter energy: of each tap of each filter, `[filters][taps]`.
  /// - Returns: one mask a filter; of equally good masks the first.
  func masks(
    forEnergy energy: [[Float]], kernel: Extent, _ sharing: MaskSharing
  ) -> [TapMask] {
    guard case .block(let size) = sharing else {
      let masks = candidateMasks(for: kernel) ?? [mask(forEnergy: energy.total, kernel: kernel)]
      let lost = energy.map { taps in
        masks.map { mask in taps.indices.reduce(0) { mask.keeps($1) ? $0 : $0 + taps[$1] } }
      }
      return MaskAssignment(MaskErrors(masks: masks, errors: lost), sharing).masks
    }
    return stride(from: 0, to: energy.count, by: size).flatMap { first in
      let block = energy[first..<min(first + size, energy.count)]
      return [TapMask](
        repeating: mask(forEnergy: Array(block).total, kernel: kernel), count: block.count)
    }
  }

  private func mask(forEnergy taps: [Float], kernel: Extent) -> TapMask {
    switch self {
    case .dense, .boxes, .tile, .thirds, .nOfM, .filter, .head, .neuron:
      return TapMask(dense: kernel)
    case .masks(let masks): return masks.strongest(taps)
    case .taps(let density):
      let order = taps.indices.sorted { (taps[$1], $0) < (taps[$0], $1) }
      let kept = order.prefix(density.applied(to: kernel.area))
      return TapMask(kernel: kernel, bits: kept.reduce(0) { $0 | 1 << UInt64($1) })
    case .stripe(let density):
      return Self.stripes(density.applied(to: kernel.height), kernel: kernel).strongest(taps)
    }
  }
}

extension [TapMask] {
  /// The mask that keeps most energy; the first of equals.
  fileprivate func strongest(_ taps: [Float]) -> TapMask {
    func kept(_ mask: TapMask) -> Float {
      taps.indices.reduce(0) { mask.keeps($1) ? $0 + taps[$1] : $0 }
    }
    return dropFirst().reduce((self[0], kept(self[0]))) { best, mask in
      kept(mask) > best.1 ? (mask, kept(mask)) : best
    }.0
  }
}

extension [[Float]] {
  /// The sum of the rows; empty without any.
  fileprivate var total: [Float] {
    guard let first else { return [] }
    return first.indices.map { column in reduce(0) { $0 + $1[column] } }
  }
}
