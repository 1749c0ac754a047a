internal import ModelGraph
internal import Threads

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
  var groups: Int { shape.isDepthwise ? 1 : shape.groups }
  /// Channels of one group, in the source and in the destination.
  var groupInputs: Int { source.channels / groups }
  var groupOutputs: Int { destinationChannels / groups }
  /// From one group's first weight to the next one's.
  var groupStride: Int { shape.weightShape.reduce(1, *) / groups }

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
        group: shape.isDepthwise ? shape.channels : shape.groupChannels,
        readsWholeBlocks: shape.groups > 1),
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
          right: horizontal.after),
        group: shape.isDepthwise ? shape.filters : shape.groupFilters,
        readsWholeBlocks: shape.groups > 1),
      destination: shape.input, destinationChannels: shape.channels, classes: classes,
      strides: .init(output: kernel.area, input: shape.groupChannels * kernel.area))
  }

  /// Takes `tensor` through the map, a few images at a time on each thread.
  ///
  /// - Parameter inspect: called with each piece of the result while it is in the cache.
  func run(
    _ tensor: Tensor<Float>, _ weight: Tensor<Float>, bias: Tensor<Float>?, threads: Int,
    inspect: (_ piece: Int, _ result: UnsafeMutableBufferPointer<Float>) -> Void = { _, _ in }
  ) -> Tensor<Float> {
    let prepared = PreparedPass(self, weight, bias: bias, imagesPerPiece: imagesPerPiece)
    return tensor.scalars.withUnsafeBufferPointer { input in
      Tensor(shape: outputShape) { output in
        parallel(
          pieces, threads: threads,
          scratch: {
            (source: source.scratch(images: imagesPerPiece), result: prepared.scratch())
          }
        ) { piece, scratch in
          let range = piece * imagesPerPiece..<min((piece + 1) * imagesPerPiece, shape.images)
          let part = UnsafeMutableBufferPointer(rebasing: output[elements(of: range)])
          source.withImages(range, of: input, scratch: &scratch.source) { from in
            prepared.run(from, images: range.count, scratch: &scratch.result, to: part)
          }
          inspect(piece, part)
        }
      }
    }
  }

  /// The shape of the result, channels last.
  var outputShape: [Int] {
    [shape.images, destination.height, destination.width, destinationChannels]
  }

  /// Where some images stand in the result.
  func elements(of images: Range<Int>) -> Range<Int> {
    let size = destination.area * destinationChannels
    return images.lowerBound * size..<images.upperBound * size
  }

  /// How many pieces `run` divides the images into.
  var pieces: Int { (shape.images + imagesPerPiece - 1) / imagesPerPiece }

  /// Whether whole blocks of eight outputs can be written where they belong.
  var isDirect: Bool {
    destinationChannels % 8 == 0 && groups == 1
  }

  /// Enough images for the kernel to be efficient, and enough pieces for every thread.
  private var imagesPerPiece: Int {
    max(1, min(192 / max(destination.area, 1), (shape.images + 7) / 8))
  }
}
