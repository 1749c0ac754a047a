import ModelGraph

/// A place in a thread's arena that holds one activation of every image of a pass.
struct Buffer: Hashable, Sendable {
  /// Floats from the arena's start.
  let offset: Int
  let layout: Layout
  /// Floats between two images; 0 for a constant, which all images share.
  let imageStride: Int
}

/// Which buffer holds which activation, and when its memory may be used again.
///
/// Kernels write inside the halo, so memory with a halo is only reused for the same layout: a halo
/// that was zero once stays zero and no pass ever clears memory. Memory without a halo serves any
/// layout without one that fits.
struct MemoryPlan {
  private(set) var buffers: [Buffer] = []
  /// Floats of the arena.
  private(set) var size = 0
  /// The number of users of each buffer's region.
  private var regions: [Region] = []
  private var regionOfBuffer: [Int] = []
  private let images: Int

  private struct Region {
    let offset: Int
    let size: Int
    /// The only layout it may hold, if that has a halo.
    let layout: Layout?
    var users: Int
  }

  /// A plan for `images` images at a time.
  init(images: Int) { self.images = images }

  /// The layout of a buffer.
  func layout(_ buffer: Int) -> Layout { buffers[buffer].layout }

  /// A buffer with one user.
  mutating func allocate(_ layout: Layout) -> Int {
    let needed = layout.image * images
    let own = layout.halo == .none ? nil : layout
    let free = regions.indices.filter {
      regions[$0].users == 0 && regions[$0].layout == own && regions[$0].size >= needed
    }
    if let region = free.min(by: { regions[$0].size < regions[$1].size }) {
      regions[region].users = 1
      return append(layout, region, imageStride: layout.image)
    }
    return append(layout, newRegion(needed, own), imageStride: layout.image)
  }

  /// A buffer that all images share and that is never free.
  mutating func allocateConstant(_ layout: Layout) -> Int {
    append(layout, newRegion(layout.image, layout), imageStride: 0)
  }

  private mutating func newRegion(_ count: Int, _ layout: Layout?) -> Int {
    regions.append(Region(offset: size, size: count, layout: layout, users: 1))
    // Buffers begin on cache lines.
    size += (count + 15) / 16 * 16
    return regions.count - 1
  }

  private mutating func append(_ layout: Layout, _ region: Int, imageStride: Int) -> Int {
    buffers.append(
      Buffer(offset: regions[region].offset, layout: layout, imageStride: imageStride))
    regionOfBuffer.append(region)
    return buffers.count - 1
  }

  /// Whether one user is left.
  func hasOneUser(_ buffer: Int) -> Bool {
    regions[regionOfBuffer[buffer]].users == 1 && buffers[buffer].imageStride > 0
  }

  /// Adds a user.
  mutating func retain(_ buffer: Int) { regions[regionOfBuffer[buffer]].users += 1 }

  /// Takes a user away; without users the memory is free.
  mutating func release(_ buffer: Int) { regions[regionOfBuffer[buffer]].users -= 1 }
}
