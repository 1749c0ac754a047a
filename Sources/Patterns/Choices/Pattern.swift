public import ModelGraph

/// A rule that yields masks from weights. What it keeps is decided by the weights; how much it keeps
/// is not, so that what a strategy costs is known before any weight is looked at.
public enum Pattern: Hashable, Sendable {
  /// Nothing is pruned.
  case dense
  /// Filters keep whole rows or whole columns of their kernel; `MaskSharing` says which have them in common.
  case stripe(Density)
  /// Filters keep their strongest taps, wherever they are; `MaskSharing` likewise.
  case taps(Density)
  /// Filters keep the taps of one of these masks; `MaskSharing` likewise. All have one kernel and one
  /// number of taps.
  case masks([TapMask])
  /// All filters keep the taps of one mask that is a `KernelBox`, or two without a tap in common: engines of dense
  /// operators compute the layer as one smaller convolution, or as the sum of two.
  case boxes(Density)
  /// Each block of 16 filters of a 1x1 convolution or linear layer keeps the blocks of eight inputs
  /// that matter most: the tiles that vector kernels work on.
  case tile(Density)
  /// A linear layer reads one or two of the three thirds of its inputs (Jing et al. 2024).
  case thirds(Density)
  /// Of every m inputs in a row each filter keeps n (NVIDIA's sparse tensor cores: 2 of 4).
  case nOfM(Density)
  /// Whole channels of a coupled group are removed.
  case filter(Density)
  /// Whole heads of attention are removed.
  case head(Density)
  /// Hidden features between linear layers are removed.
  case neuron(Density)

  /// The name of its family, as in strategy files.
  public var family: String {
    switch self {
    case .dense: "dense"
    case .stripe: "stripe"
    case .taps, .masks: "taps"
    case .boxes: "boxes"
    case .tile: "tile"
    case .thirds: "thirds"
    case .nOfM: "n:m"
    case .filter: "filter"
    case .head: "head"
    case .neuron: "neuron"
    }
  }

  /// The names of all families, dense first.
  public static let families = [
    "dense", "stripe", "taps", "boxes", "tile", "thirds", "n:m", "filter", "head", "neuron",
  ]

  /// A short name: `dense`, `stripe-2/3`, `taps-4/9`, `272`, `best-of-4`, `2:4`, `filter-1/2`.
  public var name: String {
    switch self {
    case .dense: "dense"
    case .stripe(let density), .taps(let density), .boxes(let density), .tile(let density),
      .thirds(let density), .filter(let density), .head(let density), .neuron(let density):
      "\(family)-\(density)"
    case .nOfM(let density): "\(density.kept):\(density.of)"
    case .masks(let masks):
      masks.count == 1 ? masks[0].description : "best-of-\(masks.count)"
    }
  }
}

extension Pattern {
  /// Channels, filters or inputs, of a block: kernels work on so many at a time.
  package static let blockWidth = 8
  /// Filters and inputs of a tile: what one step of a kernel works on, without a lane left idle.
  package static let tile = (filters: 2 * blockWidth, inputs: blockWidth)

  /// Larger kernels have too many boxes for all pairs of them to be tried.
  static let largestBoxedKernel = 25

  /// Which filters have one mask, where `sharing` says it of patterns that leave it open.
  package func sharing(_ sharing: MaskSharing) -> MaskSharing {
    if case .boxes = self { .layer(masks: 1) } else { sharing }
  }

  /// Taps that each kernel keeps; nil if the pattern is not about taps, or not of such a kernel.
  public func keptTaps(of kernel: Extent) -> Int? {
    switch self {
    case .dense: return kernel.area
    case .stripe(let density):
      // Rows and columns must be equal in number, so that either choice costs the same.
      guard kernel.height == kernel.width, kernel.height > 1 else { return nil }
      return density.applied(to: kernel.height) * kernel.width
    case .taps(let density), .boxes(let density):
      return kernel.area > 1 ? density.applied(to: kernel.area) : nil
    case .masks(let masks):
      guard let first = masks.first,
        masks.allSatisfy({ $0.kernel == kernel && $0.count == first.count })
      else { return nil }
      return first.count
    case .tile, .thirds, .nOfM, .filter, .head, .neuron: return nil
    }
  }

  /// Whether the pattern can mask such a weight.
  public func fits(_ shape: WeightShape) -> Bool {
    switch self {
    case .dense, .stripe, .taps, .masks: keptTaps(of: shape.kernel) != nil
    case .boxes:
      shape.isCentred && shape.kernel.area <= Self.largestBoxedKernel
        && candidateMasks(for: shape.kernel)?.isEmpty == false
    case .tile: shape.kernel.area == 1 && shape.inputs >= 2 * Self.tile.inputs
    case .thirds(let density): shape.kernel.area == 1 && density.of == 3 && shape.inputs >= 3
    case .nOfM(let density): shape.inputs >= density.of
    case .filter, .head, .neuron: false
    }
  }

  /// Weights that stay; all of them if the pattern does not fit.
  public func keptWeights(of shape: WeightShape) -> Int {
    switch self {
    case .dense, .filter, .head, .neuron: shape.count
    case .stripe, .taps, .masks, .boxes:
      shape.filters * shape.inputs * (keptTaps(of: shape.kernel) ?? shape.kernel.area)
    case .tile, .thirds, .nOfM: shape.filters * shape.kernel.area * keptInputs(of: shape.inputs)
    }
  }

  /// Whether every filter keeps the same inputs.
  package var masksWholeInputs: Bool {
    if case .thirds = self { true } else { false }
  }

  /// Inputs that each filter keeps of so many; what does not fill a block always stays.
  func keptInputs(of inputs: Int) -> Int {
    func kept(_ blocks: Int, of length: Int, from density: Density) -> Int {
      density.applied(to: blocks) * length + inputs - blocks * length
    }
    return switch self {
    case .tile(let density):
      inputs < Self.tile.inputs
        ? inputs : kept(inputs / Self.tile.inputs, of: Self.tile.inputs, from: density)
    case .thirds(let density):
      inputs < 3 ? inputs : kept(3, of: inputs / 3, from: density)
    case .nOfM(let density):
      inputs / density.of * density.kept + inputs % density.of
    default: inputs
    }
  }

  /// Whether the pattern can remove channels of such a group.
  public func fits(_ group: ChannelGroup) -> Bool {
    switch (self, group.kind) {
    case (.dense, _), (.filter, .filters), (.head, .heads), (.neuron, .neurons): true
    default: false
    }
  }

  /// How many of `channels` channels of a group stay.
  ///
  /// Kernels work on blocks of filters, and a block half used costs as much as a whole one; so
  /// wide groups keep whole blocks, narrow ones whole halves.
  public func keptChannels(of channels: Int, in group: ChannelGroup) -> Int {
    switch self {
    case .filter(let density), .head(let density), .neuron(let density):
      let filters = group.channels * group.width
      let block = Self.blockWidth
      let stepped = filters >= 4 * block ? block : filters >= 2 * block ? block / 2 : 1
      let granule = max(1, stepped / group.width)
      guard channels > granule else { return max(1, density.applied(to: channels)) }
      return min(channels, density.applied(to: channels / granule) * granule)
    default: return channels
    }
  }

  /// How many channels of a whole group stay.
  public func keptChannels(of group: ChannelGroup) -> Int {
    group.parts.reduce(0) { $0 + keptChannels(of: $1.count, in: group) }
  }
}
