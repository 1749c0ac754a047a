internal import ModelGraph

/// A linear map from the pixels of one activation to those of another by tiles of weights: a convolution,
/// or the gradient of its input, whose pixels fall into classes that different taps reach.
struct ConvolutionPass {
  /// Every `step`-th pixel from `first` on of the destination, whose neighbour in the source moves by
  /// `sourceStep`.
  struct PixelClass {
    var first: Extent
    var step: Extent
    var sourceStep: Extent
    /// The taps that reach these pixels: their place in the kernel, and the row and column that they read
    /// of the source with its halo.
    var taps: [(index: Int, row: Int, column: Int)]
  }

  let shape: ConvolutionShape
  let source: PaddedImages
  let destination: Extent
  let destinationChannels: Int
  let classes: [PixelClass]
  let strides: FilterTiles.WeightStrides

  /// The channels of a depthwise convolution are computed together.
  private var groups: Int { shape.isDepthwise ? 1 : shape.groups }
  /// Channels of one group, in the source and in the destination.
  private var groupInputs: Int { source.channels / groups }
  private var groupOutputs: Int { destinationChannels / groups }
  /// From one group's first weight to the next one's.
  private var groupStride: Int { shape.weightShape.reduce(1, *) / groups }

  /// y = x * w.
  static func forward(_ shape: ConvolutionShape) -> ConvolutionPass {
    let (pads, dilations) = (shape.geometry.pads, shape.geometry.dilations)
    let kernel = shape.kernel
    let taps = (0..<kernel.area).map { index in
      (
        index: index, row: index / kernel.width * dilations.height,
        column: index % kernel.width * dilations.width
      )
    }
    return ConvolutionPass(
      shape: shape,
      source: PaddedImages(
        extent: shape.input, channels: shape.channels, halo: pads,
        isGrouped: shape.groups > 1),
      destination: shape.output, destinationChannels: shape.filters,
      classes: [
        PixelClass(
          first: Extent(0, 0), step: .one, sourceStep: shape.geometry.strides, taps: taps)
      ],
      strides: .init(output: shape.groupChannels * kernel.area, input: kernel.area))
  }

  /// dx = dy * w with taps and channels exchanged.
  ///
  /// Row r + a s of the input is read by tap t of output row a + (r + pad - t d) / s, where that is whole.
  static func inputGradient(_ shape: ConvolutionShape) -> ConvolutionPass {
    let (geometry, kernel) = (shape.geometry, shape.kernel)
    func offsets(_ residue: Int, pad: Int, dilation: Int, stride: Int, taps: Int) -> [Int?] {
      (0..<taps).map { tap in
        let distance = residue + pad - tap * dilation
        return distance % stride == 0 ? distance / stride : nil
      }
    }
    let rows = (0..<geometry.strides.height).map {
      offsets(
        $0, pad: geometry.pads.top, dilation: geometry.dilations.height,
        stride: geometry.strides.height, taps: kernel.height)
    }
    let columns = (0..<geometry.strides.width).map {
      offsets(
        $0, pad: geometry.pads.left, dilation: geometry.dilations.width,
        stride: geometry.strides.width, taps: kernel.width)
    }
    func halo(_ all: [[Int?]], stride: Int, input: Int, output: Int) -> (before: Int, after: Int) {
      let offsets = all.joined().compactMap { $0 }
      let last = (input - 1) / stride
      return (max(0, -(offsets.min() ?? 0)), max(0, last + (offsets.max() ?? 0) - (output - 1)))
    }
    let vertical = halo(
      rows, stride: geometry.strides.height, input: shape.input.height, output: shape.output.height)
    let horizontal = halo(
      columns, stride: geometry.strides.width, input: shape.input.width, output: shape.output.width)
    var classes: [PixelClass] = []
    for (row, rowOffsets) in rows.enumerated() {
      for (column, columnOffsets) in columns.enumerated() {
        var taps: [(index: Int, row: Int, column: Int)] = []
        for (ty, y) in rowOffsets.enumerated() {
          for (tx, x) in columnOffsets.enumerated() {
            guard let y, let x else { continue }
            taps.append(
              (ty * kernel.width + tx, y + vertical.before, x + horizontal.before))
          }
        }
        classes.append(
          PixelClass(
            first: Extent(row, column), step: geometry.strides, sourceStep: .one, taps: taps))
      }
    }
    return ConvolutionPass(
      shape: shape,
      source: PaddedImages(
        extent: shape.output, channels: shape.filters,
        halo: Pads(
          top: vertical.before, left: horizontal.before, bottom: vertical.after,
          right: horizontal.after), isGrouped: shape.groups > 1),
      destination: shape.input, destinationChannels: shape.channels, classes: classes,
      strides: .init(output: kernel.area, input: shape.groupChannels * kernel.area))
  }

  /// Takes `tensor` through the map, a few images at a time on each thread.
  func run(
    _ tensor: Tensor<Float>, _ weight: Tensor<Float>, bias: Tensor<Float>?, threads: Int
  ) -> Tensor<Float> {
    let images = shape.images
    let piece = imagesPerPiece
    let destinationStride = isDirect ? destinationChannels : (groupOutputs + 7) / 8 * 8
    let maps = classes.map { PixelMap($0, of: self, images: piece, stride: destinationStride) }
    let tiles = classes.map { self.tiles($0, weight) }
    let filling = [Float](repeating: 0, count: VectorKernels.widestTile)
    let biases = (0..<groups).map { group in
      (bias.map { Array($0.scalars[group * groupOutputs..<(group + 1) * groupOutputs]) }
        ?? [Float](repeating: 0, count: groupOutputs))
        + filling
    }
    let pixels = destination.area
    return tensor.scalars.withUnsafeBufferPointer { input in
      Tensor(shape: [images, destination.height, destination.width, destinationChannels]) {
        output in
        parallel(
          (images + piece - 1) / piece, threads: threads,
          scratch: {
            (
              source: source.scratch(images: piece),
              destination: [Float](
                repeating: 0, count: isDirect ? 0 : piece * pixels * destinationStride + 8)
            )
          }
        ) { index, scratch in
          let range = index * piece..<min((index + 1) * piece, images)
          source.withImages(range, of: input, scratch: &scratch.source) { from in
            for group in 0..<groups {
              for (map, tiles) in zip(maps, tiles) {
                let count = map.count(images: range.count)
                if isDirect {
                  guard let base = output.baseAddress else { return }
                  tiles[group].run(
                    from, map.source, base + range.lowerBound * pixels * destinationChannels,
                    map.destination, count: count, bias: biases[group])
                } else {
                  scratch.destination.withUnsafeMutableBufferPointer { to in
                    guard let base = to.baseAddress else { return }
                    tiles[group].run(
                      from, map.source, base, map.destination, count: count, bias: biases[group])
                  }
                }
              }
              if !isDirect {
                scatter(
                  scratch.destination, stride: destinationStride, group: group,
                  to: UnsafeMutableBufferPointer(
                    rebasing: output[
                      range.lowerBound * pixels * destinationChannels..<range.upperBound * pixels
                        * destinationChannels]))
              }
            }
          }
        }
      }
    }
  }

  /// Whether whole blocks of eight outputs can be written where they belong.
  private var isDirect: Bool {
    destinationChannels % 8 == 0 && groups == 1
  }

  /// Enough images for the kernel to be efficient, and enough pieces for every thread.
  private var imagesPerPiece: Int {
    max(1, min(192 / max(destination.area, 1), (shape.images + 7) / 8))
  }

  private func tiles(_ pixelClass: PixelClass, _ weight: Tensor<Float>) -> [FilterTiles] {
    weight.scalars.withUnsafeBufferPointer { weight in
      guard let base = weight.baseAddress else { return [] }
      if shape.isDepthwise {
        return [
          FilterTiles(
            base, outputs: groupOutputs, inputs: 1,
            strides: .init(output: shape.kernel.area, input: 0),
            taps: taps(pixelClass, group: 0), isDepthwise: true)
        ]
      }
      return (0..<groups).map { group in
        FilterTiles(
          base + group * groupStride, outputs: groupOutputs, inputs: groupInputs, strides: strides,
          taps: taps(pixelClass, group: group), isDepthwise: false)
      }
    }
  }

  private func taps(_ pixelClass: PixelClass, group: Int) -> [FilterTiles.Tap] {
    pixelClass.taps.map { tap in
      FilterTiles.Tap(
        index: tap.index,
        offset: source.offset(row: tap.row, column: tap.column) + group * groupInputs)
    }
  }

  /// Copies one group's outputs, `stride` floats a pixel, to their place among all channels.
  private func scatter(
    _ scratch: [Float], stride: Int, group: Int, to output: UnsafeMutableBufferPointer<Float>
  ) {
    let outputs = groupOutputs
    scratch.withUnsafeBufferPointer { scratch in
      for pixel in 0..<output.count / destinationChannels {
        let (from, to) = (pixel * stride, pixel * destinationChannels + group * outputs)
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
