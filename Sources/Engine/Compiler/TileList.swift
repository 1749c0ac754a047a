import ModelGraph

/// The work of a convolution or linear layer: which (input block, tap) tiles of 8 x 8 weights each
/// block of eight filters needs. Tiles whose weights are all zero are not in the list, so dense
/// layers, tap masks, stripes, connectivity and tile patterns are all the same thing.
struct TileList {
  /// One call of the kernel.
  struct Run {
    /// One or two blocks of eight output channels.
    let blocks: [Int]
    /// Tiles as `inputBlock * taps + tap`, ascending.
    let tiles: [Int]
  }

  let runs: [Run]
  /// Input channels used of each input block: 8, or all of a narrower input.
  let lanes: Int

  /// How much longer the kernel takes for a product when it computes 8 filters, not 16.
  static let narrowPenalty = 1.28

  /// Finds the tiles of `weight`.
  init(_ weight: ConvolutionWeight) {
    lanes = min(8, weight.inputChannels)
    let needed = (0..<weight.outputBlocks).map { weight.tiles(ofBlock: $0) }
    var partner = [Int?](repeating: nil, count: needed.count)
    // Filters that share their tiles run 16 at a time; others may gain from running the union.
    var pairs: [(saving: Double, first: Int, second: Int)] = []
    for first in needed.indices {
      for second in needed.indices where second > first {
        let apart = Double(needed[first].count + needed[second].count) * Self.narrowPenalty
        let together = Double(needed[first].union(needed[second]).count * 2)
        if apart > together { pairs.append((apart - together, first, second)) }
      }
    }
    pairs.sort { ($1.saving, $0.first, $0.second) < ($0.saving, $1.first, $1.second) }
    for pair in pairs where partner[pair.first] == nil && partner[pair.second] == nil {
      partner[pair.first] = pair.second
      partner[pair.second] = pair.first
    }
    runs = needed.indices.compactMap { block in
      guard let other = partner[block] else {
        return Run(blocks: [block], tiles: needed[block].sorted())
      }
      guard block < other else { return nil }
      return Run(
        blocks: [block, other], tiles: needed[block].union(needed[other]).sorted())
    }
  }
}

/// A convolution's weight with batch-norm folded in, `[filters][channels / groups][taps]`.
struct ConvolutionWeight {
  var values: [Float]
  var bias: [Float]
  let filters: Int
  let inputChannels: Int
  let groups: Int
  let kernel: Extent

  var outputBlocks: Int { (filters + 7) / 8 }
  var taps: Int { kernel.area }
  /// Whether each channel is convolved alone, one filter a channel.
  var isDepthwise: Bool { groups == inputChannels && filters == groups }
  private var channelsPerGroup: Int { inputChannels / groups }

  /// The weight from input channel `channel` to `filter` at `tap`; zero between groups.
  func value(filter: Int, channel: Int, tap: Int) -> Float {
    guard filter < filters else { return 0 }
    let group = filter / (filters / groups)
    let inside = channel - group * channelsPerGroup
    guard (0..<channelsPerGroup).contains(inside) else { return 0 }
    return values[(filter * channelsPerGroup + inside) * taps + tap]
  }

  /// The tiles that hold a weight of the eight filters of `block`.
  func tiles(ofBlock block: Int) -> Set<Int> {
    var tiles: Set<Int> = []
    for filter in block * 8..<min(filters, block * 8 + 8) {
      let firstChannel = filter / (filters / groups) * channelsPerGroup
      for inside in 0..<channelsPerGroup {
        let base = (filter * channelsPerGroup + inside) * taps
        for tap in 0..<taps where values[base + tap] != 0 {
          tiles.insert((firstChannel + inside) / 8 * taps + tap)
        }
      }
    }
    return tiles
  }
}
