internal import Kernels
import ModelGraph

/// The work of a convolution or linear layer: which (input block, tap) tiles of 8 x 8 weights each
/// block of eight filters needs. Tiles whose weights are all zero are not in the list, so dense
/// layers, tap masks, stripes, connectivity and tile patterns are all the same thing.
struct TileList {
  /// One call of the kernel.
  struct Run {
    /// One, two or four blocks of eight output channels.
    let blocks: [Int]
    /// Tiles as `inputBlock * taps + tap`, ascending.
    let tiles: [Int]
  }

  let runs: [Run]
  /// Input channels used of each input block: 8, or all of a narrower input.
  let lanes: Int

  /// Finds the tiles of `weight` for the kernels of an instruction set.
  init(_ weight: ConvolutionWeight, for instructionSet: InstructionSet) {
    lanes = min(8, weight.inputChannels)
    var groups = (0..<weight.outputBlocks).map {
      Group(blocks: [$0], tiles: weight.tiles(ofBlock: $0))
    }
    // Twice the blocks at a time, as far as the kernels go.
    let costs = instructionSet.tileCosts
    for level in 1..<costs.count {
      groups = Self.joined(
        groups, of: 1 << (level - 1), cost: costs[level - 1], joinedCost: costs[level])
    }
    runs = groups.map {
      Run(blocks: $0.blocks, tiles: $0.tiles.members)
    }
  }

  /// Blocks that run together.
  private struct Group {
    var blocks: [Int]
    var tiles: TileSet
  }

  /// Joins groups of `size` blocks in pairs. Those that share their tiles gain from it; others may
  /// gain from running the union: those that gain most are joined first.
  private static func joined(
    _ groups: [Group], of size: Int, cost: Double, joinedCost: Double
  ) -> [Group] {
    let whole = groups.filter { $0.blocks.count == size }
    let rest = groups.filter { $0.blocks.count != size }
    func join(_ first: Group, _ second: Group) -> Group {
      Group(blocks: first.blocks + second.blocks, tiles: first.tiles.union(second.tiles))
    }
    guard whole.contains(where: { $0.tiles != whole[0].tiles }) else {
      let pairs = stride(from: 0, to: whole.count - 1, by: 2).map { join(whole[$0], whole[$0 + 1]) }
      return pairs + whole[(pairs.count * 2)...] + rest
    }
    var pairs: [(saving: Double, first: Int, second: Int)] = []
    for first in whole.indices {
      for second in whole.indices where second > first {
        let apart = Double(whole[first].tiles.count + whole[second].tiles.count) * cost
        let together = Double(whole[first].tiles.unionCount(whole[second].tiles)) * joinedCost
        if apart > together { pairs.append((apart - together, first, second)) }
      }
    }
    pairs.sort { ($1.saving, $0.first, $0.second) < ($0.saving, $1.first, $1.second) }
    var isJoined = [Bool](repeating: false, count: whole.count)
    var result: [Group] = []
    for pair in pairs where !isJoined[pair.first] && !isJoined[pair.second] {
      (isJoined[pair.first], isJoined[pair.second]) = (true, true)
      result.append(join(whole[pair.first], whole[pair.second]))
    }
    return result + whole.indices.filter { !isJoined[$0] }.map { whole[$0] } + rest
  }
}

extension InstructionSet {
  /// How long a kernel takes for one tile of 1, 2 and 4 blocks of eight filters, as far as it has them,
  /// in the time of the widest one's share for one block. Measured on 3x3 layers of 32 and 64 channels.
  var tileCosts: [Double] {
    switch self {
    case .baseline, .avx2: [1.28, 2]
    // Eight filters fill half a vector.
    case .avx512: [2.1, 2.15, 4]
    }
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
