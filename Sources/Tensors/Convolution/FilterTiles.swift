internal import CKernels

/// The weights of one group of a convolution as the kernel reads them: for blocks of filters, lists of
/// (eight input channels, tap) tiles. Tiles that hold nothing but zeros are left out.
struct FilterTiles {
  /// A tap that takes part: its place in the kernel, and where it reads, in floats from the pixel.
  struct Tap {
    var index: Int
    var offset: Int
  }

  /// The steps between a weight's values for its next output and its next input channel.
  struct WeightStrides {
    var output: Int
    var input: Int
  }

  private struct Block {
    var filters: Range<Int>
    var width: Int
    var entries: Range<Int>
    var firstWeight: Int
  }

  private var blocks: [Block] = []
  private var offsets: [Int32] = []
  private var weights: [Float] = []
  private let lanes: Int

  /// Packs `outputs` filters over `inputs` channels that start at `weight`; of a depthwise convolution each
  /// filter has one input, its own.
  init(
    _ weight: UnsafePointer<Float>, outputs: Int, inputs: Int, strides: WeightStrides, taps: [Tap],
    isDepthwise: Bool
  ) {
    lanes = isDepthwise ? 0 : min(inputs, 8)
    let inputBlocks = (inputs + 7) / 8
    weights.reserveCapacity((outputs + 7) / 8 * 8 * max(lanes, 1) * taps.count * inputBlocks)
    var first = 0
    while first < outputs {
      var width = isDepthwise ? 8 : VectorKernels.widestTile
      while width > 8, width > (outputs - first + 7) / 8 * 8 { width /= 2 }
      let filters = first..<min(first + width, outputs)
      let (entry, place) = (offsets.count, weights.count)
      let tileSize = max(lanes, 1) * width
      let count = taps.count * inputBlocks
      weights.append(contentsOf: repeatElement(0, count: count * tileSize))
      let isZero = weights.withUnsafeMutableBufferPointer { tiles in
        // In the order in which the weights lie in memory, or nearly.
        for c in 0..<inputs {
          for (number, tap) in taps.enumerated() {
            let own = weight + first * strides.output + c * strides.input + tap.index
            let row = place + (number * inputBlocks + c / 8) * tileSize + c % 8 * width
            for k in 0..<filters.count { tiles[row + k] = own[k * strides.output] }
          }
        }
        return (0..<count).map { tile in
          tiles[place + tile * tileSize..<place + (tile + 1) * tileSize].allSatisfy { $0 == 0 }
        }
      }
      var end = place
      for tile in 0..<count where !isZero[tile] {
        let start = place + tile * tileSize
        if end != start {
          for index in 0..<tileSize { weights[end + index] = weights[start + index] }
        }
        end += tileSize
        offsets.append(
          Int32(taps[tile / inputBlocks].offset + (isDepthwise ? first : tile % inputBlocks * 8)))
      }
      weights.removeLast(weights.count - end)
      blocks.append(
        Block(
          filters: filters, width: width, entries: entry..<offsets.count, firstWeight: place))
      first += width
    }
  }

  /// Computes all filters, filled up to a multiple of eight, of `count` pixels.
  ///
  /// - Parameter bias: one a filter, likewise filled up to the widest tile.
  func run(
    _ source: UnsafePointer<Float>, _ sourcePixels: UnsafePointer<Int32>,
    _ destination: UnsafeMutablePointer<Float>, _ destinationPixels: UnsafePointer<Int32>,
    count: Int, bias: UnsafePointer<Float>
  ) {
    weights.withUnsafeBufferPointer { weights in
      offsets.withUnsafeBufferPointer { offsets in
        for block in blocks {
          var tiles = sculpt_tiles(
            width: Int32(block.width), lanes: Int32(lanes), entries: Int32(block.entries.count),
            offsets: offsets.baseAddress.map { $0 + block.entries.lowerBound },
            weights: weights.baseAddress.map { $0 + block.firstWeight },
            bias: bias + block.filters.lowerBound, ahead: nil, ahead_end: nil)
          let first = block.filters.lowerBound
          var target = sculpt_destination(
            data: destination, pixels: destinationPixels,
            block: (first, first + 8, first + 16, first + 24))
          var residual = sculpt_residual()
          VectorKernels.convolve(
            &tiles, source, sourcePixels, &target, &residual, -.infinity, .infinity, Int32(count))
        }
      }
    }
  }
}
