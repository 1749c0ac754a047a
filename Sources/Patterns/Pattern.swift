public import ModelGraph

/// A rule that yields masks from weights. What it keeps is decided by the weights.
public enum Pattern: Hashable, Sendable {
  /// Nothing is pruned.
  case dense
  /// Each block of eight filters keeps whole rows or whole columns of its kernel.
  case stripe(Density)
  /// Each block of eight filters keeps its strongest taps, wherever they are.
  case taps(Density)
  /// Each block of eight filters keeps the taps of one of these masks. All have one kernel and one
  /// number of taps.
  case masks([TapMask])
  /// Whole channels of a coupled group are removed.
  case filter(Density)

  /// The name of its family, as in strategy files.
  public var family: String {
    switch self {
    case .dense: "dense"
    case .stripe: "stripe"
    case .taps, .masks: "taps"
    case .filter: "filter"
    }
  }

  /// A short name: `dense`, `stripe-2/3`, `taps-4/9`, `272`, `best-of-4`, `filter-1/2`.
  public var name: String {
    switch self {
    case .dense: "dense"
    case .stripe(let density), .taps(let density), .filter(let density): "\(family)-\(density)"
    case .masks(let masks):
      masks.count == 1 ? masks[0].description : "best-of-\(masks.count)"
    }
  }

  /// Taps that each kernel keeps; nil if the pattern does not fit such a kernel.
  public func keptTaps(of kernel: Extent) -> Int? {
    switch self {
    case .dense: return kernel.area
    case .stripe(let density):
      // Rows and columns must be equal in number, so that either choice costs the same.
      guard kernel.height == kernel.width, kernel.height > 1 else { return nil }
      return density.applied(to: kernel.height) * kernel.width
    case .taps(let density):
      return kernel.area > 1 ? density.applied(to: kernel.area) : nil
    case .masks(let masks):
      guard let first = masks.first,
        masks.allSatisfy({ $0.kernel == kernel && $0.count == first.count })
      else { return nil }
      return first.count
    case .filter: return nil
    }
  }

  /// Channels that a group of `channels` keeps; nil if the pattern is not about channels.
  ///
  /// Kernels work on blocks of eight channels, and a block half used costs as much as a whole one;
  /// so wide groups keep whole blocks, narrow ones whole halves.
  public func keptChannels(of channels: Int) -> Int? {
    switch self {
    case .dense: return channels
    case .filter(let density):
      let granule = channels >= 32 ? 8 : channels >= 16 ? 4 : 1
      return min(channels, density.applied(to: channels / granule) * granule)
    case .stripe, .taps, .masks: return nil
    }
  }
}
