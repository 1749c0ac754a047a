internal import CKernels
internal import Kernels

/// Products of two activations, `[batch, M, K]` and `[batch, K, N]`: K and N are channels, all else
/// pixels.
struct MultiplyStep: Hashable, Sendable {
  let left: Int
  let right: Int
  let destination: Int
  /// M, K, N.
  let rows: Int
  let inner: Int
  let columns: Int
  /// For each batch where its first pixel is in the left and the right one.
  let leftBatches: [Int]
  let rightBatches: [Int]
}

/// Multi-head attention over tokens, heads being runs of whole blocks of 8 channels.
struct AttendStep: Hashable, Sendable {
  let queries: Int
  let keys: Int
  let values: Int
  let destination: Int
  let heads: Int
  let scale: Float
  /// Blocks of 8 channels of each head's queries and keys, and of its values.
  let keyBlocks: Int
  let valueBlocks: Int
}

extension Workspace {
  /// Where the pixels of a buffer stand in one block of its first image.
  private func pixels(_ layout: Layout) -> [Int32] {
    (0..<layout.height).flatMap { y in (0..<layout.width).map { Int32(layout.pixel(y, $0)) } }
  }

  /// The product of pixels' channels with a matrix that is itself an activation: its columns are
  /// packed as many at a time as the kernel takes and run as filters of a 1x1 convolution.
  ///
  /// - Parameter pack: writes `width` columns of each row from column `first` on; zeros stand there.
  private func product(
    of source: UnsafeMutablePointer<Float>, _ sourcePixels: ArraySlice<Int32>,
    sourcePlane: Int, inner: Int, columns: Int,
    to destination: UnsafeMutablePointer<Float>, _ destinationPixels: ArraySlice<Int32>,
    destinationPlane: Int,
    packing pack: (
      _ first: Int, _ width: Int, _ tile: UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    let blocks = (inner + 7) / 8
    let outputBlocks = (columns + 7) / 8
    let offsets = (0..<blocks).map { Int32($0 * sourcePlane) }
    let widest = program.instructionSet.widestTile
    let bias = [Float](repeating: 0, count: widest)
    var weights = [Float](repeating: 0, count: blocks * 8 * widest)
    var block = 0
    while block < outputBlocks {
      if isCancelled { return }
      var width = widest
      while width / 8 > outputBlocks - block { width /= 2 }
      let places = (0..<4).map { ($0 < width / 8 ? block + $0 : 0) * destinationPlane }
      weights.withUnsafeMutableBufferPointer { weights in
        weights.update(repeating: 0)
        guard let tile = weights.baseAddress else { return }
        pack(block * 8, width, tile)
      }
      weights.withUnsafeBufferPointer { weights in
        sourcePixels.withUnsafeBufferPointer { sourcePixels in
          destinationPixels.withUnsafeBufferPointer { destinationPixels in
            offsets.withUnsafeBufferPointer { offsets in
              bias.withUnsafeBufferPointer { bias in
                var tiles = sculpt_tiles(
                  width: Int32(width), lanes: 8, entries: Int32(blocks),
                  offsets: offsets.baseAddress, weights: weights.baseAddress,
                  bias: bias.baseAddress, ahead: nil, ahead_end: nil)
                var target = sculpt_destination(
                  data: destination, pixels: destinationPixels.baseAddress,
                  block: (places[0], places[1], places[2], places[3]))
                var residual = sculpt_residual()
                convolve(
                  &tiles, source, sourcePixels.baseAddress, &target, &residual, -.infinity,
                  .infinity, Int32(sourcePixels.count))
              }
            }
          }
        }
      }
      block += width / 8
    }
  }

  func run(_ step: MultiplyStep, _ count: Int) {
    let (left, right) = (program.buffers[step.left].layout, program.buffers[step.right].layout)
    let output = program.buffers[step.destination].layout
    let (leftPixels, rightPixels) = (pixels(left), pixels(right))
    let outputPixels = pixels(output)
    for image in 0..<count {
      let matrix = imageBase(step.right, image)
      for (batch, start) in step.leftBatches.enumerated() {
        let first = step.rightBatches[batch]
        product(
          of: imageBase(step.left, image), leftPixels[start..<start + step.rows],
          sourcePlane: left.plane, inner: step.inner, columns: step.columns,
          to: imageBase(step.destination, image),
          outputPixels[batch * step.rows..<(batch + 1) * step.rows],
          destinationPlane: output.plane
        ) { column, width, tile in
          for k in 0..<step.inner {
            let pixel = matrix + Int(rightPixels[first + k])
            for block in 0..<width / 8 {
              (tile + k * width + block * 8)
                .update(from: pixel + (column / 8 + block) * right.plane, count: 8)
            }
          }
        }
      }
    }
  }

  func run(_ step: AttendStep, _ count: Int) {
    let queries = program.buffers[step.queries].layout
    let keys = program.buffers[step.keys].layout
    let values = program.buffers[step.values].layout
    let output = program.buffers[step.destination].layout
    let (queryPixels, keyPixels) = (pixels(queries), pixels(keys))
    let (valuePixels, outputPixels) = (pixels(values), pixels(output))
    let (tokens, sources) = (queryPixels.count, keyPixels.count)
    let scorePixels = (0..<tokens).map { Int32($0 * 8) }
    let scores = UnsafeMutablePointer<Float>.allocate(capacity: (sources + 7) / 8 * 8 * tokens)
    defer { scores.deallocate() }
    for image in 0..<count {
      for head in 0..<step.heads {
        let key = imageBase(step.keys, image) + head * step.keyBlocks * keys.plane
        product(
          of: imageBase(step.queries, image) + head * step.keyBlocks * queries.plane,
          queryPixels[...], sourcePlane: queries.plane, inner: step.keyBlocks * 8,
          columns: sources, to: scores, scorePixels[...], destinationPlane: tokens * 8
        ) { first, width, tile in
          for column in 0..<min(width, sources - first) {
            let pixel = key + Int(keyPixels[first + column])
            for block in 0..<step.keyBlocks {
              let lanes = pixel + block * keys.plane
              let rows = tile + block * 8 * width + column
              for lane in 0..<8 { rows[lane * width] = lanes[lane] * step.scale }
            }
          }
        }
        sculpt_softmax(
          scores, tokens * 8, scores, tokens * 8, Int32(sources), Int32(tokens))
        let value = imageBase(step.values, image) + head * step.valueBlocks * values.plane
        product(
          of: scores, scorePixels[...], sourcePlane: tokens * 8, inner: sources,
          columns: step.valueBlocks * 8,
          to: imageBase(step.destination, image) + head * step.valueBlocks * output.plane,
          outputPixels[...], destinationPlane: output.plane
        ) { first, width, tile in
          for k in 0..<sources {
            let pixel = value + Int(valuePixels[k])
            for block in 0..<width / 8 {
              (tile + k * width + block * 8)
                .update(from: pixel + (first / 8 + block) * values.plane, count: 8)
            }
          }
        }
      }
    }
  }
}
