#if canImport(Glibc)
  internal import Glibc
#endif

/// The sizes of this machine's caches, as far as it tells.
enum CacheSize {
  /// Bytes of a core's second-level cache, at least 256 KiB and at most 2 MiB.
  static let secondLevel: Int = {
    #if canImport(Glibc)
      let bytes = sysconf(Int32(_SC_LEVEL2_CACHE_SIZE))
    #else
      let bytes = 0
    #endif
    // Virtual machines may say nothing.
    return bytes <= 0 ? 512 << 10 : min(max(bytes, 256 << 10), 2 << 20)
  }()
}
