internal import Patterns
internal import Synchronization

/// The variants of one model's layers, kept for the next strategy: how much channels matter, orders
/// of filters, reconstructed layers. Safe to share.
public final class VariantCache: Sendable {
  /// Everything that is known.
  struct Table: Sendable {
    /// For each group that a unit prunes, how much its channels matter.
    var importance: [Int: [Float]] = [:]
    /// For layers whose filters are reordered their order, as places among those that stay.
    var orders: [LayerVariant.Key: [Int]] = [:]
    var variants: [LayerVariant.Key: LayerVariant] = [:]
  }

  private let known: Mutex<Table>

  /// Nothing is known yet.
  public convenience init() { self.init(Table()) }

  init(_ table: Table) { known = Mutex(table) }

  /// All that is known now.
  var table: Table { known.withLock { $0 } }

  /// An entry of one of the tables, worked out unless it is known; of two threads that do so the first counts.
  func value<Key: Hashable & Sendable, Value: Sendable>(
    _ entries: any WritableKeyPath<Table, [Key: Value]> & Sendable, _ key: Key, _ make: () -> Value?
  ) -> Value? {
    if let value = known.withLock({ $0[keyPath: entries][key] }) { return value }
    guard let made = make() else { return nil }
    return known.withLock { table in
      if let value = table[keyPath: entries][key] { return value }
      table[keyPath: entries][key] = made
      return made
    }
  }
}
