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
    let partner = Self.pairs(needed)
    runs = needed.indices.compactMap { block in
      guard let other = partner[block] else {
        return Run(blocks: [block], tiles: needed[block].members)
      }
      guard block < other else { return nil }
      return Run(blocks: [block, other], tiles: needed[block].union(needed[other]).members)
    }
  }

  /// For each block the one it runs with. Filters that share their tiles run 16 at a time; others may
  /// gain from running the union: those that gain most are paired first.
  private static func pairs(_ needed: [TileSet]) -> [Int?] {
    var partner = [Int?](repeating: nil, count: needed.count)
    guard needed.contains(where: { $0 != needed[0] }) else {
      for block in needed.indices where block ^ 1 < needed.count && needed[block].count > 0 {
        partner[block] = block ^ 1
      }
      return partner
    }
    var pairs: [(saving: Double, first: Int, second: Int)] = []
    for first in needed.indices {
      for second in needed.indices where second > first {
        let apart = Double(needed[first].count + needed[second].count) * narrowPenalty
        let together = Double(needed[first].unionCount(needed[second]) * 2)
        if apart > together { pairs.append((apart - together, first, second)) }
      }
    }
    pairs.sort { ($1.saving, $0.first, $0.second) < ($0.saving, $1.first, $1.second) }
    for pair in pairs where partner[pair.first] == nil && partner[pair.second] == nil {
      partner[pair.first] = pair.second
      partner[pair.second] = pair.first
    }
    return partner
  }
}

/// A set of tiles, a bit for each.
struct TileSet: Equatable {
  private var words: [UInt64]
  private(set) var count = 0

  /// The tiles of `isNeeded` that are true.
  init(_ isNeeded: [Bool]) {
    words = [UInt64](repeating: 0, count: (isNeeded.count + 63) / 64)
    for (tile, isNeeded) in isNeeded.enumerated() where isNeeded {
      words[tile / 64] |= 1 << UInt64(tile % 64)
      count += 1
    }
  }

  /// Ascending.
  var members: [Int] {
    words.indices.flatMap { word in
      (0..<64).filter { words[word] >> UInt64($0) & 1 == 1 }.map { word * 64 + $0 }
    }
  }

  func unionCount(_ other: TileSet) -> Int {
    zip(words, other.words).reduce(0) { $0 + ($1.0 | $1.1).nonzeroBitCount }
  }

  func union(_ other: TileSet) -> TileSet {
    var result = self
    for (word, bits) in other.words.enumerated() { result.words[word] |= bits }
    result.count = result.words.reduce(0) { $0 + $1.nonzeroBitCount }
    return result
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

  /// The tiles that hold a weight of the eight filters of `block`.
  func tiles(ofBlock block: Int) -> TileSet {
    var isNeeded = [Bool](repeating: false, count: (inputChannels + 7) / 8 * taps)
    values.withUnsafeBufferPointer { values in
      for filter in block * 8..<min(filters, block * 8 + 8) {
        let firstChannel = filter / (filters / groups) * channelsPerGroup
        for inside in 0..<channelsPerGroup {
          let base = (filter * channelsPerGroup + inside) * taps
          let tile = (firstChannel + inside) / 8 * taps
          for tap in 0..<taps where values[base + tap] != 0 { isNeeded[tile + tap] = true }
        }
      }
    }
    return TileSet(isNeeded)
  }

  /// Writes a tile of `lanes` input channels by the filters of `blocks`, filters innermost; zeros where
  /// there is no weight.
  func pack(
    _ tile: Int, lanes: Int, blocks: [Int], into packed: UnsafeMutablePointer<Float>
  ) {
    let (block, tap) = tile.quotientAndRemainder(dividingBy: taps)
    let width = blocks.count * 8
    values.withUnsafeBufferPointer { values in
      for (place, first) in blocks.enumerated() {
        for filter in first * 8..<min(first * 8 + 8, filters) {
          let column = place * 8 + filter % 8
          let start = filter / (filters / groups) * channelsPerGroup
          let low = max(block * 8, start)
          let high = min(block * 8 + lanes, start + channelsPerGroup)
          guard low < high else { continue }
          let base = filter * channelsPerGroup - start
          for channel in low..<high {
            packed[(channel - block * 8) * width + column] = values[(base + channel) * taps + tap]
          }
        }
      }
    }
  }
}
