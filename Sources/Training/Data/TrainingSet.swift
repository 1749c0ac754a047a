public import Formats
public import ModelGraph
internal import Synchronization
public import Tensors
internal import Threads

/// Labelled images, ready to be made into batches.
///
/// Pixels stay bytes, channels last, and are normalised when a batch is made:
/// `x = (byte * scale - mean[c]) / deviation[c]`. Photographs stay files, and are decoded each time.
public struct TrainingSet: Sendable {
  /// The class of each image.
  public let labels: [Int32]
  /// The shape of one image: `[H, W, C]` for a feature map, otherwise the shape that the graph reads.
  public let imageShape: [Int]

  let pixels: Pixels
  let height: Int
  let width: Int
  let channels: Int
  let isImage: Bool

  enum Pixels: Sendable {
    /// Bytes, and what each of the 256 is worth in each channel.
    case bytes([UInt8], table: [Float])
    case values([Float])
    /// Files, and what their bytes are worth.
    case photographs(ImageFolder, table: [Float])
  }

  /// The number of images.
  public var count: Int { labels.count }

  /// The number of values in one image.
  var imageSize: Int { height * width * channels }

  /// Images of a data set with the description of how bytes become the network's input. Numbers that
  /// are not bytes are taken as they are.
  public init(_ dataset: Dataset, input: InputDescription) {
    let shape = dataset.shape
    labels = dataset.labels
    isImage = shape.isFeatureMap
    channels = shape.channels
    height = shape.height
    width = isImage ? shape.width : shape.count / max(1, shape.channels)
    imageShape = isImage ? [height, width, channels] : shape.dimensions
    let area = height * width
    switch dataset.pixels {
    case .bytes(let bytes):
      let bytes = isImage ? channelsLast(bytes, channels: channels, area: area) : bytes
      pixels = .bytes(bytes, table: Self.table(input, channels: channels))
    case .values(let values):
      pixels = .values(isImage ? channelsLast(values, channels: channels, area: area) : values)
    }
  }

  /// Photographs with the description of how bytes become the network's input.
  public init(_ folder: ImageFolder, input: InputDescription) {
    labels = folder.labels
    isImage = true
    (channels, height, width) = (folder.shape.channels, folder.shape.height, folder.shape.width)
    imageShape = [height, width, channels]
    pixels = .photographs(folder, table: Self.table(input, channels: channels))
  }

  private static func table(_ input: InputDescription, channels: Int) -> [Float] {
    let counts = [input.mean.count, input.deviation.count]
    precondition(counts.allSatisfy { $0 == 1 || $0 == channels }, "one mean, or one a channel")
    return (0..<channels).flatMap { channel in
      let mean = input.mean[input.mean.count == 1 ? 0 : channel]
      let deviation = input.deviation[input.deviation.count == 1 ? 0 : channel]
      return (0..<256).map { (Float($0) * input.scale - mean) / deviation }
    }
  }

  /// The images at `indices` as they are, in that order: `[N]` + `imageShape`. No photographs.
  public func images(at indices: some Collection<Int>) -> Tensor<Float> {
    precondition(indices.allSatisfy { 0 <= $0 && $0 < count }, "an image is outside 0..<\(count)")
    return Tensor(
      shape: [indices.count] + imageShape, scalars: values(at: indices) { ImageChange() })
  }

  /// The values of the images at `indices`, each changed as `change` says. No photographs.
  func values(at indices: some Collection<Int>, changed change: () -> ImageChange) -> [Float] {
    let size = imageSize
    return [Float](unsafeUninitializedCapacity: indices.count * size) { buffer, filled in
      for (place, image) in indices.enumerated() {
        write(
          image, change(),
          to: UnsafeMutableBufferPointer(rebasing: buffer[place * size..<(place + 1) * size]))
      }
      filled = indices.count * size
    }
  }

  /// The values of photographs, decoded on some threads.
  ///
  /// - Parameter change: gives the change of an image by its place among `indices`, and the photograph's height and
  ///   width; called on any thread.
  /// - Throws: `FormatError` if one cannot be decoded.
  func values(
    of folder: ImageFolder, worth table: [Float], at indices: [Int], threads: Int,
    changed change: (_ place: Int, _ height: Int, _ width: Int) -> ImageChange
  ) throws(FormatError) -> [Float] {
    let failure = Mutex<FormatError?>(nil)
    let size = imageSize
    let values = [Float](unsafeUninitializedCapacity: indices.count * size) { buffer, filled in
      nonisolated(unsafe) let buffer = buffer
      parallel(indices.count, threads: threads) { place in
        do throws(FormatError) {
          var drawn = ImageChange()
          let bytes = try folder.pixels(ofImage: indices[place]) { height, width in
            drawn = change(place, height, width)
            return drawn.piece
          }
          drawn.piece = nil
          bytes.withUnsafeBufferPointer {
            write(
              $0, table, drawn,
              to: UnsafeMutableBufferPointer(rebasing: buffer[place * size..<(place + 1) * size]))
          }
        } catch {
          failure.withLock { $0 = $0 ?? error }
        }
      }
      filled = failure.withLock { $0 == nil } ? indices.count * size : 0
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return values
  }
}

/// `[N, C, A]` as `[N, A, C]`, A being the area.
private func channelsLast<Value>(_ values: [Value], channels: Int, area: Int) -> [Value] {
  if channels == 1 { return values }
  return [Value](unsafeUninitializedCapacity: values.count) { target, filled in
    values.withUnsafeBufferPointer { source in
      let size = channels * area
      for start in stride(from: 0, to: values.count, by: max(1, size)) {
        for channel in 0..<channels {
          for place in 0..<area {
            target.initializeElement(
              at: start + place * channels + channel,
              to: source[start + channel * area + place])
          }
        }
      }
    }
    filled = values.count
  }
}
