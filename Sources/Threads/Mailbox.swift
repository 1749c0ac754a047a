internal import Synchronization

/// Items that one thread leaves for another, oldest first.
///
/// The owner drains it when it is told that something is there; nobody waits for anybody.
///
///     let mailbox = Mailbox<Int>()
///     mailbox.put(1)
///     mailbox.put(2)
///     let items = mailbox.drain()  // 1, 2
public final class Mailbox<Item: Sendable>: Sendable {
  private let items = Mutex<[Item]>([])
  private let notify: @Sendable () -> Void

  /// An empty mailbox.
  /// - Parameter notify: called after each item, on the thread that left it.
  public init(notify: @escaping @Sendable () -> Void = {}) { self.notify = notify }

  /// Leaves something; returns at once.
  public func put(_ item: Item) {
    items.withLock { $0.append(item) }
    notify()
  }

  /// Takes everything that is there.
  public func drain() -> [Item] {
    items.withLock { items in
      defer { items = [] }
      return items
    }
  }
}
