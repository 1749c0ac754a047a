public import ModelGraph
public import Patterns

/// What each of some masks costs each filter of a convolution: the variance of what its output loses
/// after reconstruction, as the batch-norm behind it scales it.
public struct MaskErrors: Hashable, Sendable {
  /// The masks to choose from; never empty.
  public let masks: [TapMask]
  /// `[filters][masks]`.
  public let errors: [[Float]]

  /// Errors of some masks, `[filters][masks]`.
  public init(masks: [TapMask], errors: [[Float]]) {
    precondition(!masks.isEmpty && errors.allSatisfy { $0.count == masks.count })
    self.masks = masks
    self.errors = errors
  }

  /// Some of the filters, in that order.
  func selecting(_ filters: [Int]) -> MaskErrors {
    MaskErrors(masks: masks, errors: filters.map { errors[$0] })
  }

  /// The masks of least total error, one a filter; of equally good ones the first.
  ///
  /// With a number of masks for the layer they are chosen together with who gets which: greedily one
  /// after the other, each where it helps most; then, as in k-means (Lloyd 1982), filters take the best
  /// of them and each mask is replaced by what is best for those that took it, until nothing changes.
  public func assignment(_ sharing: MaskSharing) -> [TapMask] {
    switch sharing {
    case .block(let size):
      stride(from: 0, to: errors.count, by: max(size, 1)).flatMap { first in
        let block = first..<min(first + max(size, 1), errors.count)
        return [TapMask](repeating: masks[best(for: Array(block))], count: block.count)
      }
    case .layer(let count):
      shared(count).map { masks[$0] }
    }
  }

  /// An order of the filters, as their numbers, in which those stand together that share a mask, as far as
  /// filters may: kernels compute a block of them with every tap that one of them keeps.
  public func order(_ sharing: MaskSharing) -> [Int] {
    switch sharing {
    case .block(let size): return order(inBlocksOf: max(size, 1))
    case .layer(let count):
      let own = shared(count)
      return errors.indices.sorted { (own[$0], $0) < (own[$1], $1) }
    }
  }

  /// An order of the filters, as their numbers, in which runs of `size` filters lose least when each shares
  /// a mask: filters are grouped by the masks that serve them best, then exchanged between runs as long as
  /// that helps.
  func order(inBlocksOf size: Int) -> [Int] {
    let blocks = (errors.count + size - 1) / size
    guard blocks > 1, masks.count > 1 else { return Array(errors.indices) }
    let own = shared(blocks)
    var order = errors.indices.sorted { (own[$0], $0) < (own[$1], $1) }
    func block(_ number: Int) -> Range<Int> {
      number * size..<min((number + 1) * size, errors.count)
    }
    // Each round lowers the total error, so it ends; the bound is against rounding.
    for _ in 0..<20 {
      let chosen = (0..<blocks).map { best(for: block($0).map { order[$0] }) }
      var isChanged = false
      for first in order.indices {
        for second in first + 1..<order.count where first / size != second / size {
          let (a, b) = (chosen[first / size], chosen[second / size])
          let (x, y) = (errors[order[first]], errors[order[second]])
          if x[b] + y[a] < x[a] + y[b] {
            order.swapAt(first, second)
            isChanged = true
          }
        }
      }
      if !isChanged { break }
    }
    return (0..<blocks).flatMap { block($0).map { order[$0] }.sorted() }
  }

  /// The total error of an assignment, whose masks must be among those to choose from.
  public func total(_ assignment: [TapMask]) -> Float {
    zip(errors, assignment).reduce(0) { sum, filter in
      sum + (masks.firstIndex(of: filter.1).map { filter.0[$0] } ?? .infinity)
    }
  }

  /// The mask that is best for some filters together.
  private func best(for filters: [Int]) -> Int {
    var totals = [Float](repeating: 0, count: masks.count)
    for filter in filters {
      for mask in masks.indices { totals[mask] += errors[filter][mask] }
    }
    return totals.indices.reduce(0) { totals[$1] < totals[$0] ? $1 : $0 }
  }

  /// For each filter one of at most `count` masks.
  private func shared(_ count: Int) -> [Int] {
    var chosen: [Int] = []
    var least = [Float](repeating: .infinity, count: errors.count)
    while chosen.count < min(max(count, 1), masks.count) {
      let totals = masks.indices.map { mask in
        errors.indices.reduce(Float(0)) { $0 + min(least[$1], errors[$1][mask]) }
      }
      let next = totals.indices.reduce(0) { totals[$1] < totals[$0] ? $1 : $0 }
      if chosen.contains(next) { break }
      chosen.append(next)
      for filter in errors.indices { least[filter] = min(least[filter], errors[filter][next]) }
    }
    var assigned: [Int] = []
    // Each round lowers the total error, so it ends; the bound is against rounding.
    for _ in 0..<100 {
      let next = errors.map { row in
        chosen.reduce(chosen[0]) { row[$1] < row[$0] ? $1 : $0 }
      }
      if next == assigned { break }
      assigned = next
      chosen = chosen.map { mask in
        let own = assigned.indices.filter { assigned[$0] == mask }
        return own.isEmpty ? mask : best(for: own)
      }
    }
    return assigned
  }
}
