internal import Formats
internal import ModelGraph
public import Patterns
public import Threads

extension Workbench {
  /// The sensitivity as it was measured before for this model and these menus, otherwise measured now
  /// and kept in `$XDG_CACHE_HOME/sculpt`. See `sensitivity(cancellation:progress:)`.
  public func cachedSensitivity(
    cancellation: Cancellation? = nil,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> Sensitivity? {
    let images = calibration.flatMap { SHA256.hexDigest(of: $0.pixels) } ?? "weights"
    return try CacheFolder.value(
      "sensitivity",
      key: file.digest.map {
        ["7", $0, space.menus, images, "\(file.model.input)", method.correction.rawValue]
          + [method.importance?.rawValue].compactMap { $0 }
          + (space.sharing == .standard ? [] : ["\(space.sharing)"])
      },
      isValid: { (known: Sensitivity) in
        known.losses.fits(space)
      },
      make: { try sensitivity(cancellation: cancellation, progress: progress) })
  }
}

extension PruningSpace {
  /// Every unit with its menu: what tells one space from another.
  var menus: String { units.map { "\($0.name): \($0.menu)" }.joined(separator: "\n") }
}
