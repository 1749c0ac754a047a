internal import Patterns
internal import Synchronization

/// The variants of one model's layers, kept for the next strategy: how much channels matter, orders
/// of filters, reconstructed layers. Safe to share. Memory is bounded: the oldest variants go first.
public final class VariantCache: Sendable {
  /// Everything that is known.
  struct Table: Sendable {
    /// For each group that a unit prunes, how much its channels matter.
    var importance: [Int: [Float]] = [:]
    /// For layers whose filters are reordered their order, as places among those that stay.
    var orders: [LayerVariant.Key: [Int]] = [:]
    var variants: [LayerVariant.Key: LayerVariant] = [:]
  }

  private struct Contents {
    var table: Table
    /// The variants, the oldest first.
    var ages: [LayerVariant.Key] = []
    var bytes = 0
  }

  private let known: Mutex<Contents>
  private let capacity: Int

  /// Nothing is known yet.
  ///
  /// - Parameter capacity: bytes of variants that are kept.
  public convenience init(capacity: Int = 2 << 30) { self.init(Table(), capacity: capacity) }

  init(_ table: Table, capacity: Int = 2 << 30) {
    let variants = table.variants
    known = Mutex(
      Contents(
        table: table, ages: Array(variants.keys),
        bytes: variants.values.reduce(0) { $0 + $1.byteCount }))
    self.capacity = capacity
  }

  /// All that is known now.
  var table: Table { known.withLock { $0.table } }

  /// The variant of a key, worked out unless it is known; of two threads that do so the first counts.
  func variant(_ key: LayerVariant.Key, _ make: () -> LayerVariant?) -> LayerVariant? {
    if let variant = known.withLock({ $0.table.variants[key] }) { return variant }
    guard let made = make() else { return nil }
    return known.withLock { contents in
      if let variant = contents.table.variants[key] { return variant }
      contents.table.variants[key] = made
      contents.ages.append(key)
      contents.bytes += made.byteCount
      while contents.bytes > capacity, contents.ages.count > 1 {
        let oldest = contents.table.variants.removeValue(forKey: contents.ages.removeFirst())
        contents.bytes -= oldest?.byteCount ?? 0
      }
      return made
    }
  }

  /// An entry of one of the other tables, worked out unless it is known; of two threads that do so the first counts.
  func value<Key: Hashable & Sendable, Value: Sendable>(
    _ entries: any WritableKeyPath<Table, [Key: Value]> & Sendable, _ key: Key, _ make: () -> Value?
  ) -> Value? {
    if let value = known.withLock({ $0.table[keyPath: entries][key] }) { return value }
    guard let made = make() else { return nil }
    return known.withLock { contents in
      if let value = contents.table[keyPath: entries][key] { return value }
      contents.table[keyPath: entries][key] = made
      return made
    }
  }
}
