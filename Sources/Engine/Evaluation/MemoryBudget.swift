internal import Foundation

/// The memory that a search may take, of which its caches and passes take fixed shares.
///
/// What does not fit is computed again, or in parts: a smaller budget takes longer and gives the same results, but for
/// layers whose covariance is too large (see `Calibration.inputMoments`) and images that are left out where a network's
/// activations are many (see `Program.images(_:holding:)`).
public struct MemoryBudget: Hashable, Sendable {
  /// All of it.
  public let bytes: Int

  /// A budget of so many bytes.
  public init(bytes: Int) { self.bytes = max(bytes, 1 << 20) }

  /// Half of what the machine has, and at most 6 GiB: more hardly helps.
  public static let standard = MemoryBudget(
    bytes: min(Int(clamping: ProcessInfo.processInfo.physicalMemory / 2), 6 << 30))

  /// The bytes of one of `parts` equal parts.
  private func share(_ parts: Int) -> Int { bytes / parts }

  /// Activations that are kept from one evaluation to the next.
  public var keptActivations: Int { share(32) }
  /// Likewise where each evaluation differs from the dense network in one unit, so that most of it is kept.
  public var reportedActivations: Int { share(12) }
  /// Activations of all images that statistics are matched or layers solved on, between one layer and the next.
  public var liveActivations: Int { share(16) }
  /// Of those that statistics are matched on what is kept from one strategy to the next.
  public var matchingCache: Int { share(48) }
  /// Activations of the images that a step of training learns from together.
  public var trainedActivations: Int { share(3) }
  /// Variants of layers that are kept.
  public var variants: Int { share(24) }
  /// Changes of weights that are judged together.
  public var weightChanges: Int { share(12) }
  /// Covariances that are formed in one pass over the images.
  var covariances: Int { share(12) }
  /// Inputs of layers that are gathered at a time.
  var panels: Int { share(96) }
}
