internal import ModelGraph

/// A pass with its weights packed and its pixels found, for pieces of so many images.
struct PreparedPass {
  private let pass: ConvolutionPass
  private let imagesPerPiece: Int
  private let maps: [PixelMap]
  /// For each class of pixels the tiles of each group.
  private var tiles: [[FilterTiles]] = []
  /// For each group, filled up to the widest tile.
  private let biases: [[Float]]

  init(
    _ pass: ConvolutionPass, _ weight: Tensor<Float>, bias: Tensor<Float>?, imagesPerPiece: Int
  ) {
    self.pass = pass
    self.imagesPerPiece = imagesPerPiece
    maps = pass.classes.map {
      PixelMap($0, of: pass, images: imagesPerPiece, stride: Self.pixelStride(of: pass))
    }
    let outputs = pass.groupOutputs
    let filling = [Float](repeating: 0, count: VectorKernels.widestTile)
    biases = (0..<pass.groups).map { group in
      (bias.map { Array($0.scalars[group * outputs..<(group + 1) * outputs]) }
        ?? [Float](repeating: 0, count: outputs)) + filling
    }
    tiles = pass.classes.map { packed($0, weight) }
  }

  /// Floats of one pixel where results are written first.
  private static func pixelStride(of pass: ConvolutionPass) -> Int {
    pass.isDirect ? pass.destinationChannels : (pass.groupOutputs + 7) / 8 * 8
  }

  /// Memory for one group's results, if they cannot be written where they belong.
  func scratch() -> [Float] {
    let count = imagesPerPiece * pass.destination.area * Self.pixelStride(of: pass) + 8
    return [Float](repeating: 0, count: pass.isDirect ? 0 : count)
  }

  /// Takes images that stand at `source` with their halo through the map.
  func run(
    _ source: UnsafePointer<Float>, images: Int, scratch: inout [Float],
    to output: UnsafeMutableBufferPointer<Float>
  ) {
    guard let base = output.baseAddress else { return }
    for group in 0..<pass.groups {
      func compute(_ target: UnsafeMutablePointer<Float>) {
        for (map, tiles) in zip(maps, tiles) {
          tiles[group].run(
            source, map.source, target, map.destination, count: map.count(images: images),
            bias: biases[group])
        }
      }
      if pass.isDirect {
        compute(base)
      } else {
        scratch.withUnsafeMutableBufferPointer { $0.baseAddress.map(compute) }
        scatter(scratch, group: group, to: output)
      }
    }
  }

  private func packed(_ pixelClass: ConvolutionPass.PixelClass, _ weight: Tensor<Float>)
    -> [FilterTiles]
  {
    weight.scalars.withUnsafeBufferPointer { weight in
      guard let base = weight.baseAddress else { return [] }
      if pass.shape.isDepthwise {
        return [
          FilterTiles(
            base, outputs: pass.groupOutputs, inputs: 1,
            strides: .init(output: pass.shape.kernel.area, input: 0),
            taps: taps(pixelClass, group: 0), isDepthwise: true)
        ]
      }
      return (0..<pass.groups).map { group in
        FilterTiles(
          base + group * pass.groupStride, outputs: pass.groupOutputs, inputs: pass.groupInputs,
          strides: pass.strides,
          taps: taps(pixelClass, group: group), isDepthwise: false)
      }
    }
  }

  private func taps(_ pixelClass: ConvolutionPass.PixelClass, group: Int) -> [FilterTiles.Tap] {
    pixelClass.taps.map { tap in
      FilterTiles.Tap(
        index: tap.index,
        offset: pass.source.offset(row: tap.row, column: tap.column) + group * pass.groupInputs)
    }
  }

  /// Copies one group's results to their place among all channels.
  private func scatter(
    _ scratch: [Float], group: Int, to output: UnsafeMutableBufferPointer<Float>
  ) {
    let (outputs, channels) = (pass.groupOutputs, pass.destinationChannels)
    let stride = Self.pixelStride(of: pass)
    scratch.withUnsafeBufferPointer { scratch in
      for pixel in 0..<output.count / channels {
        let (from, to) = (pixel * stride, pixel * channels + group * outputs)
        for channel in 0..<outputs { output[to &+ channel] = scratch[from &+ channel] }
      }
    }
  }
}

/// Where the pixels of one class stand, for as many images as are computed at once.
private struct PixelMap {
  let source: [Int32]
  let destination: [Int32]
  private let perImage: Int

  init(
    _ pixels: ConvolutionPass.PixelClass, of pass: ConvolutionPass, images: Int, stride: Int
  ) {
    var (source, destination): ([Int32], [Int32]) = ([], [])
    for image in 0..<images {
      for (a, y) in Swift.stride(
        from: pixels.first.height, to: pass.destination.height, by: pixels.step.height
      ).enumerated() {
        for (b, x) in Swift.stride(
          from: pixels.first.width, to: pass.destination.width, by: pixels.step.width
        ).enumerated() {
          source.append(
            Int32(
              image * pass.source.imageStride
                + pass.source.offset(
                  row: a * pixels.sourceStep.height, column: b * pixels.sourceStep.width)))
          destination.append(
            Int32(
              ((image * pass.destination.height + y) * pass.destination.width + x) * stride))
        }
      }
    }
    self.source = source
    self.destination = destination
    perImage = source.count / images
  }

  func count(images: Int) -> Int { images * perImage }
}
