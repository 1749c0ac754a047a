internal import CKernels
internal import ModelGraph
internal import Threads

/// The gradient of a convolution's weight: for each tap and channel the sum over all pixels of the input
/// there times the gradients of all filters, by the kernel of outer products.
///
/// The images are divided into a fixed number of parts that are summed one after another, so that the result
/// does not depend on the number of threads.
struct WeightGradient {
  static let parts = 8
  /// Pixels whose inputs and gradients stay in the first-level cache meanwhile.
  static let pixelsPerBlock = 256

  let shape: ConvolutionShape
  /// How the inputs and the gradients stand in memory.
  let source: PaddedImages
  let gradient: PaddedImages

  /// - Parameter gradient: how the gradients are stored, if not without a halo.
  init(_ shape: ConvolutionShape, gradient: PaddedImages? = nil) {
    self.shape = shape
    source = PaddedImages(
      extent: shape.input, channels: shape.channels, halo: shape.geometry.pads,
      group: shape.isDepthwise ? shape.channels : shape.groupChannels,
      readsWholeBlocks: shape.groups > 1)
    self.gradient =
      gradient
      ?? PaddedImages(
        extent: shape.output, channels: shape.filters, halo: .none,
        group: shape.isDepthwise ? shape.filters : shape.groupFilters, readsWholeBlocks: true)
  }

  /// Floats that lie one after another in the input and belong to one group: a whole row of the window if
  /// there is one group, else one tap.
  private var isRowContiguous: Bool { shape.groups == 1 && shape.geometry.dilations.width == 1 }
  private var runLength: Int {
    isRowContiguous ? shape.kernel.width * source.pixelStride : shape.groupChannels
  }
  /// Where each run starts.
  private var runs: [Int] {
    let dilations = shape.geometry.dilations
    return (0..<shape.kernel.height).flatMap { ty in
      isRowContiguous
        ? [source.offset(row: ty * dilations.height, column: 0)]
        : (0..<shape.kernel.width).map {
          source.offset(row: ty * dilations.height, column: $0 * dilations.width)
        }
    }
  }
  /// Filters of one group, filled up to whole blocks.
  private var columns: Int {
    ((shape.isDepthwise ? shape.filters : shape.groupFilters) + 7) / 8 * 8
  }

  /// Images that are summed up one after another.
  var imagesPerPart: Int { (shape.images + Self.parts - 1) / Self.parts }

  func run(_ gradients: Tensor<Float>, _ input: Tensor<Float>, threads: Int) -> Tensor<Float> {
    let piece = max(1, min(Self.pixelsPerBlock / max(shape.output.area, 1), imagesPerPart))
    return input.scalars.withUnsafeBufferPointer { input in
      gradients.scalars.withUnsafeBufferPointer { gradients in
        sum(
          imagesPerPiece: piece, threads: threads,
          scratch: { gradient.scratch(images: piece) }
        ) { images, scratch, add in
          gradient.withImages(images, of: gradients, scratch: &scratch) { g in add(input, g) }
        }
      }
    }
  }

  /// The sum over all images, a few of them at a time.
  ///
  /// - Parameter body: is given the images of a piece and calls `add` with all inputs, and with these images'
  ///   gradients as `gradient` says.
  func sum<Scratch>(
    imagesPerPiece piece: Int, threads: Int, scratch: () -> Scratch,
    _ body: (
      _ images: Range<Int>, _ scratch: inout Scratch,
      _ add: (UnsafeBufferPointer<Float>, UnsafePointer<Float>) -> Void
    ) -> Void
  ) -> Tensor<Float> {
    let perPart = imagesPerPart
    let parts = (shape.images + perPart - 1) / perPart
    let (sourcePixels, gradientPixels) = pixels(images: piece)
    let rows = shape.isDepthwise ? shape.kernel.area : runs.count * runLength * shape.groups
    let size = rows * columns
    let total = Tensor<Float>(shape: [parts, size]) { sums in
      sums.initialize(repeating: 0)
      parallel(
        parts, threads: threads,
        scratch: { (own: scratch(), source: source.scratch(images: piece)) }
      ) { part, scratch in
        guard let base = sums.baseAddress else { return }
        let end = min((part + 1) * perPart, shape.images)
        for first in stride(from: part * perPart, to: end, by: piece) {
          let images = first..<min(first + piece, end)
          body(images, &scratch.own) { input, g in
            source.withImages(images, of: input, scratch: &scratch.source) { x in
              sourcePixels.withUnsafeBufferPointer { sourcePixels in
                gradientPixels.withUnsafeBufferPointer { gradientPixels in
                  add(
                    x, sourcePixels, g, gradientPixels, count: images.count * shape.output.area,
                    to: base + part * size)
                }
              }
            }
          }
        }
      }
    }
    return unpacked(total.summed(to: [1, size]))
  }

  private func pixels(images: Int) -> (source: [Int32], gradient: [Int32]) {
    var (sources, gradients): ([Int32], [Int32]) = ([], [])
    let strides = shape.geometry.strides
    for image in 0..<images {
      for y in 0..<shape.output.height {
        for x in 0..<shape.output.width {
          sources.append(
            Int32(
              image * source.imageStride
                + source.offset(row: y * strides.height, column: x * strides.width)))
          gradients.append(
            Int32(
              image * gradient.imageStride
                + gradient.offset(row: y + gradient.halo.top, column: x + gradient.halo.left)))
        }
      }
    }
    return (sources, gradients)
  }

  private func add(
    _ x: UnsafePointer<Float>, _ sourcePixels: UnsafeBufferPointer<Int32>,
    _ g: UnsafePointer<Float>, _ gradientPixels: UnsafeBufferPointer<Int32>, count: Int,
    to sums: UnsafeMutablePointer<Float>
  ) {
    guard let xs = sourcePixels.baseAddress, let gs = gradientPixels.baseAddress else { return }
    let runs = runs
    for first in stride(from: 0, to: count, by: Self.pixelsPerBlock) {
      let block = Int32(min(Self.pixelsPerBlock, count - first))
      if shape.isDepthwise {
        let offsets = runs.map { Int32($0) }
        for channel in stride(from: 0, to: columns, by: 8) {
          sculpt_depthwise_outer(
            x + channel, xs + first, offsets, Int32(offsets.count), g + channel, gs + first, block,
            sums + channel, columns)
        }
        continue
      }
      for group in 0..<shape.groups {
        for (index, start) in runs.enumerated() {
          VectorKernels.outer(
            x + start + group * shape.groupChannels, xs + first,
            g + group * shape.groupFilters, gs + first, block, Int32(runLength),
            Int32(columns), sums + (group * runs.count + index) * runLength * columns, columns)
        }
      }
    }
  }

  /// From [group][run][channel][filter] to [filter][channel][tap].
  private func unpacked(_ sums: Tensor<Float>) -> Tensor<Float> {
    let (area, channels, filters) = (shape.kernel.area, shape.groupChannels, shape.groupFilters)
    return sums.scalars.withUnsafeBufferPointer { sums in
      Tensor(shape: shape.weightShape) { weight in
        let (isDepthwise, isRowContiguous, columns) = (
          shape.isDepthwise, isRowContiguous, columns
        )
        let pixelStride = source.pixelStride
        for group in 0..<shape.groups {
          // Filters that lie together in memory are read together.
          for start in stride(from: 0, to: filters, by: 8) {
            for c in 0..<channels {
              for tap in 0..<area {
                let row =
                  isDepthwise
                  ? tap * columns + group * filters
                  : isRowContiguous
                    ? (tap * pixelStride + c) * columns
                    : ((group * area + tap) * channels + c) * columns
                var place = ((group * filters + start) * channels + c) * area + tap
                for k in start..<min(start + 8, filters) {
                  weight[place] = sums[row + k]
                  place += channels * area
                }
              }
            }
          }
        }
      }
    }
  }
}
