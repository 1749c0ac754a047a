public import Engine
internal import Formats
internal import Foundation
public import Patterns

extension Workbench {
  /// The sensitivity as it was measured before for this model and these menus, otherwise measured now
  /// and kept in `$XDG_CACHE_HOME/sculpt`. See `sensitivity(cancellation:progress:)`.
  public func cachedSensitivity(
    cancellation: Cancellation? = nil,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> Sensitivity? {
    let path = sensitivityPath
    if let path, let bytes = try? FileBytes.read(path, limit: 1 << 26),
      let known = try? JSONDecoder().decode(Sensitivity.self, from: Data(bytes)),
      known.losses.map(\.count) == space.units.map(\.menu.count)
    {
      return known
    }
    let sensitivity = try sensitivity(cancellation: cancellation, progress: progress)
    if let path, let sensitivity, let json = try? JSONEncoder().encode(sensitivity) {
      // A cache that cannot be written is only slower.
      try? FileManager.default.createDirectory(
        at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
      try? AtomicFile.write(data: Array(json), to: path)
    }
    return sensitivity
  }

  /// Named by everything that the measurement depends on; nil without a digest.
  private var sensitivityPath: String? {
    let menus = space.units.map { "\($0.name): \($0.menu)" }.joined(separator: "\n")
    let images = calibration.flatMap { SHA256.hexDigest(of: [$0.images]) } ?? "weights"
    guard let digest = file.digest,
      let key = SHA256.hexDigest(of: ["1", digest, menus, images].map { Array($0.utf8) })
    else { return nil }
    let environment = ProcessInfo.processInfo.environment
    let cache =
      environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? (environment["HOME"] ?? "/") + "/.cache"
    return "\(cache)/sculpt/sensitivity-\(key.prefix(24)).json"
  }
}
