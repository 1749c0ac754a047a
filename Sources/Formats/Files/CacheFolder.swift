internal import Foundation

/// Files that hold what would otherwise be measured again, in `$XDG_CACHE_HOME/sculpt`.
///
/// A cache that cannot be read or written is only slower.
package enum CacheFolder {
  /// The value kept under a name and everything that it depends on; made and kept if there is none.
  ///
  /// - Parameters:
  ///   - key: nil if the value cannot be told apart from others; then it is not kept.
  ///   - make: yields nil if it was cancelled; then nothing is kept.
  package static func value<Value: Codable>(
    _ name: String, key: [String]?,
    in environment: [String: String] = ProcessInfo.processInfo.environment,
    isValid: (Value) -> Bool, make: () throws -> Value?
  ) rethrows -> Value? {
    let path = key.flatMap { Self.path(name, key: $0, suffix: "json", in: environment) }
    if let path, let bytes = try? FileBytes.read(path, limit: 1 << 28),
      let known = try? JSONDecoder().decode(Value.self, from: Data(bytes)), isValid(known)
    {
      return known
    }
    let value = try make()
    if let path, let value, let json = try? JSONEncoder().encode(value) {
      try? FileManager.default.createDirectory(
        at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
      try? AtomicFile.write(data: Array(json), to: path)
    }
    return value
  }

  /// Where a file with that name and key is kept; nil if it cannot be told apart from others.
  package static func path(
    _ name: String, key: [String], suffix: String,
    in environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String? {
    // With their lengths, so that it counts where parts end.
    let parts = key.map { Array("\($0.utf8.count):\($0)".utf8) }
    guard let hash = SHA256.hexDigest(of: parts) else { return nil }
    let cache = UserFolder.cache.path(in: environment)
    return "\(cache)/sculpt/\(name)-\(hash.prefix(24)).\(suffix)"
  }
}
