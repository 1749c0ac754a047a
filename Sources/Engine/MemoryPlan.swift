/// Which buffer of a thread's arena holds which activation, and when it may be used again.
///
/// A buffer is only reused for the same layout: kernels write inside the halo, so a halo that was
/// zero once stays zero and no pass ever clears memory.
struct MemoryPlan {
  private(set) var buffers: [(offset: Int, layout: Layout)] = []
  /// Floats of the arena.
  private(set) var size = 0
  private var users: [Int] = []
  private let images: Int

  /// A plan for `images` images at a time.
  init(images: Int) { self.images = images }

  /// The layout of a buffer.
  func layout(_ buffer: Int) -> Layout { buffers[buffer].layout }

  /// A buffer with one user.
  mutating func allocate(_ layout: Layout) -> Int {
    if let free = buffers.indices.first(where: { users[$0] == 0 && buffers[$0].layout == layout }) {
      users[free] = 1
      return free
    }
    buffers.append((size, layout))
    users.append(1)
    // Buffers begin on cache lines.
    size += (layout.image * images + 15) / 16 * 16
    return buffers.count - 1
  }

  /// Adds a user.
  mutating func retain(_ buffer: Int) { users[buffer] += 1 }

  /// Takes a user away; without users the buffer is free.
  mutating func release(_ buffer: Int) { users[buffer] -= 1 }
}
