public import Engine
internal import Formats
internal import Foundation
internal import ModelGraph
public import Patterns

extension Workbench {
  /// Calibration images that the variants rest on, as far as there are.
  static let variantImages = 1024

  /// The variant bank as it was worked out before for this model, these images and these menus, otherwise worked
  /// out now and kept in `$XDG_CACHE_HOME/sculpt`.
  ///
  /// - Parameters:
  ///   - granularity: who shares the masks of a convolution.
  ///   - progress: called on some thread with the variants that are done and those there are.
  /// - Returns: nil if `cancellation` was asked for, or without calibration images.
  /// - Throws: `EngineError` if the model cannot be compiled.
  public func variantBank(
    granularity: MaskErrors.Granularity = .block(8), cancellation: Cancellation? = nil,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> VariantBank? {
    guard let images = calibration?.prefix(Self.variantImages) else { return nil }
    let key = file.digest.flatMap { digest in
      SHA256.hexDigest(of: images.pixels).map { pixels in
        [digest, space.menus, pixels, "\(file.model.input)", "\(granularity)"]
      }
    }
    let path = key.flatMap { CacheFolder.path("variants", key: $0, suffix: "bank") }
    let name = key?.joined(separator: "\n") ?? ""
    if let path,
      let known = VariantBank.read(
        from: path, key: name, of: space, model, granularity: granularity,
        threads: evaluator.threads)
    {
      return known
    }
    guard
      let reconstruction = try Reconstruction(
        model, calibration: Calibration(images, images: Self.variantImages),
        threads: evaluator.threads, cancellation: cancellation),
      let bank = VariantBank(
        space, reconstruction, granularity: granularity, cancellation: cancellation,
        progress: progress)
    else { return nil }
    if let path {
      try? FileManager.default.createDirectory(
        at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
      try? bank.write(to: path, key: name)
    }
    return bank
  }
}
