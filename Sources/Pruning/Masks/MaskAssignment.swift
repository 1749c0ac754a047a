public import ModelGraph
public import Patterns

/// Which filters of a convolution get which mask, as their errors and the sharing say.
public struct MaskAssignment: Sendable {
  private let table: MaskErrors
  private let sharing: MaskSharing

  /// An assignment of the masks of a table.
  public init(_ table: MaskErrors, _ sharing: MaskSharing) {
    self.table = table
    self.sharing = sharing
  }

  /// The masks of least total error, one a filter; of equally good ones the first.
  ///
  /// With a number of masks for the layer they are chosen together with who gets which: greedily one
  /// after the other, each where it helps most; then, as in k-means (Lloyd 1982), filters take the best
  /// of them and each mask is replaced by what is best for those that took it, until nothing changes.
  public var masks: [TapMask] {
    switch sharing {
    case .block(let size):
      stride(from: 0, to: table.errors.count, by: max(size, 1)).flatMap { first in
        let block = first..<min(first + max(size, 1), table.errors.count)
        return [TapMask](repeating: table.masks[best(for: Array(block))], count: block.count)
      }
    case .layer(let count):
      shared(count).map { table.masks[$0] }
    }
  }

  /// An order of the filters, as their numbers, in which those stand together that share a mask, as far as
  /// filters may: kernels compute a block of them with every tap that one of them keeps.
  public var order: [Int] {
    switch sharing {
    case .block(let size): return order(inBlocksOf: max(size, 1))
    case .layer(let count):
      let own = shared(count)
      return table.errors.indices.sorted { (own[$0], $0) < (own[$1], $1) }
    }
  }

  /// An order of the filters, as their numbers, in which runs of `size` filters lose least when each shares
  /// a mask: filters are grouped by the masks that serve them best, then exchanged between runs as long as
  /// that helps.
  func order(inBlocksOf size: Int) -> [Int] {
    let blocks = (table.errors.count + size - 1) / size
    guard blocks > 1, table.masks.count > 1 else { return Array(table.errors.indices) }
    let own = shared(blocks)
    var order = table.errors.indices.sorted { (own[$0], $0) < (own[$1], $1) }
    func block(_ number: Int) -> Range<Int> {
      number * size..<min((number + 1) * size, table.errors.count)
    }
    // Each round lowers the total error, so it ends; the bound is against rounding.
    for _ in 0..<20 {
      let chosen = (0..<blocks).map { best(for: block($0).map { order[$0] }) }
      var isChanged = false
      for first in order.indices {
        for second in first + 1..<order.count where first / size != second / size {
          let (a, b) = (chosen[first / size], chosen[second / size])
          let (x, y) = (table.errors[order[first]], table.errors[order[second]])
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

  /// The mask that is best for some filters together.
  private func best(for filters: [Int]) -> Int {
    var totals = [Float](repeating: 0, count: table.masks.count)
    for filter in filters {
      for mask in table.masks.indices { totals[mask] += table.errors[filter][mask] }
    }
    return totals.indices.reduce(0) { totals[$1] < totals[$0] ? $1 : $0 }
  }

  /// For each filter one of at most `count` masks.
  private func shared(_ count: Int) -> [Int] {
    var chosen: [Int] = []
    var least = [Float](repeating: .infinity, count: table.errors.count)
    while chosen.count < min(max(count, 1), table.masks.count) {
      let totals = table.masks.indices.map { mask in
        table.errors.indices.reduce(Float(0)) { $0 + min(least[$1], table.errors[$1][mask]) }
      }
      let next = totals.indices.reduce(0) { totals[$1] < totals[$0] ? $1 : $0 }
      if chosen.contains(next) { break }
      chosen.append(next)
      for filter in table.errors.indices {
        least[filter] = min(least[filter], table.errors[filter][next])
      }
    }
    var assigned: [Int] = []
    // Each round lowers the total error, so it ends; the bound is against rounding.
    for _ in 0..<100 {
      let next = table.errors.map { row in
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
