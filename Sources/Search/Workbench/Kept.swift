internal import Synchronization

/// A value that is made when it is first wanted, and kept as long as the same is wanted.
final class Kept<Key: Equatable & Sendable, Value: Sendable>: Sendable {
  private let made = Mutex<(key: Key, value: Value)?>(nil)

  func value(_ key: Key, _ make: () throws -> Value) rethrows -> Value {
    try made.withLock { made in
      if let made, made.key == key { return made.value }
      let value = try make()
      made = (key, value)
      return value
    }
  }
}
