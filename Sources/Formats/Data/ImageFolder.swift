public import ModelGraph
import Synchronization
internal import Threads

/// A folder with a folder of JPEG and PNG images for each class, as torchvision's `ImageFolder`: each is decoded when it
/// is asked for.
///
/// Pictures may lie in folders of the class's folder. They are decoded as Pillow does: no colour is managed,
/// and none is turned by its EXIF orientation.
public struct ImageFolder: Hashable, Sendable {
  /// The folder.
  public let path: String
  /// The class of each image.
  public let labels: [Int32]
  /// The shape that images are brought to.
  public let shape: Shape
  private let files: [String]
  private let fitting: ImageFitting
  private let colors: ChannelOrder

  /// Names of pictures, as torchvision knows them; only the first few formats are read.
  private static let read = [".jpg", ".jpeg", ".png"]
  private static let unread = [".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"]

  /// Whether a file's name says that it is a picture.
  static func isPicture(_ path: String) -> Bool {
    let name = path.lowercased()
    return (read + unread).contains { name.hasSuffix($0) }
  }

  /// The images of a source, ordered by class and name; nil if it is no folder of them.
  /// - Throws: `FormatError`, which names what is not there or does not fit the model.
  public init?(_ source: DataSource, for model: Model) throws(FormatError) {
    guard case .folder(let path, let fitting, let order) = source else { return nil }
    try self.init(path, fitting, order, for: model.graph, model.input, model.classes)
  }

  /// The images in a folder, ordered by class and name.
  ///
  /// - Parameter classes: what the model calls its classes; may be empty.
  init(
    _ path: String, _ fitting: ImageFitting, _ order: ClassOrder, for graph: Graph,
    _ input: InputDescription, _ classes: [String]
  ) throws(FormatError) {
    shape = graph.inputShape
    guard shape.isFeatureMap, [1, 3].contains(shape.channels) else {
      throw FormatError(
        path, "holds images, but the model reads \(shape)", remedy: "name other data")
    }
    let folders = try ClassFolders(
      in: path, order, count: graph.nodes[graph.output].shape.count, classes: classes)
    var (files, labels): ([String], [Int32]) = ([], [])
    for (name, label) in folders.folders {
      try FolderListing.walk("\(path)/\(name)") { file in
        guard Self.isPicture(file) else { return }
        files.append(file)
        labels.append(Int32(label))
      }
    }
    if let file = files.first(where: { file in
      !Self.read.contains { file.lowercased().hasSuffix($0) }
    }) {
      throw FormatError(
        file, "is a picture in a format that is not read",
        remedy: "convert it to JPEG or PNG, or take it away")
    }
    (self.path, self.fitting, colors) = (path, fitting, input.channels)
    (self.files, self.labels) = (files, labels)
  }

  private init(_ folder: ImageFolder, at indices: some Collection<Int>) {
    (path, shape, fitting, colors) = (folder.path, folder.shape, folder.fitting, folder.colors)
    files = indices.map { folder.files[$0] }
    labels = indices.map { folder.labels[$0] }
  }

  /// The number of images.
  public var count: Int { files.count }

  /// The images at `indices`, in that order.
  public func subset(_ indices: some Collection<Int>) -> ImageFolder {
    ImageFolder(self, at: indices)
  }

  /// An image brought to the shape, `[H, W, C]`, in the order of colours that the model reads.
  ///
  /// - Parameter piece: gives the piece of the photograph, which is so large, that is resized to the shape; nil for what
  ///   the data set's fitting leaves of the whole.
  /// - Throws: `FormatError` if its file is not there or damaged.
  public func pixels(
    ofImage index: Int, piece: (_ height: Int, _ width: Int) -> PieceOfImage? = { _, _ in nil }
  ) throws(FormatError) -> [UInt8] {
    let file = files[index]
    let photograph = try Photograph(FileBytes.read(file, limit: 1 << 30), file: file)
    let (height, width) = (shape.height, shape.width)
    let fitted =
      piece(photograph.height, photograph.width).map {
        photograph.cut($0).resized(width: width, height: height)
      } ?? photograph.fitted(width: width, height: height, fitting)
    return fitted.interleaved(channels: shape.channels, colors)
  }

  /// All images, decoded on some threads.
  ///
  /// - Parameter bytes: that they may take, one a value.
  /// - Throws: `FormatError` if they take more, or one of them cannot be decoded.
  public func decoded(
    within bytes: Int = Dataset.mostBytes, threads: Int
  ) throws(FormatError) -> Dataset {
    let size = shape.count
    guard count > 0 else {
      throw FormatError(path, "holds no images", remedy: "name a folder with images")
    }
    guard count <= bytes / size else {
      throw FormatError(
        path,
        "holds \(count) images, of which the memory has room for \(bytes / size) at \(shape)",
        remedy: "name a folder with fewer images")
    }
    let failure = Mutex<FormatError?>(nil)
    var pixels = [UInt8](repeating: 0, count: count * size)
    let area = shape.height * shape.width
    pixels.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      parallel(count, threads: threads) { index in
        guard failure.withLock({ $0 == nil }) else { return }
        do throws(FormatError) {
          for (place, value) in try self.pixels(ofImage: index).enumerated() {
            let channel = place % shape.channels
            buffer[index * size + channel * area + place / shape.channels] = value
          }
        } catch {
          failure.withLock { $0 = $0 ?? error }
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return Dataset(images: pixels, labels: labels, shape: shape)
  }
}

/// A rectangle of an image's pixels.
public struct PieceOfImage: Hashable, Sendable {
  /// Its rows, from the top.
  public var rows: Range<Int>
  /// Its columns, from the left.
  public var columns: Range<Int>

  /// The pixels in some rows and columns.
  public init(rows: Range<Int>, columns: Range<Int>) {
    (self.rows, self.columns) = (rows, columns)
  }
}

extension Photograph {
  /// A piece of it.
  fileprivate func cut(_ piece: PieceOfImage) -> Photograph {
    let bytes = 3 * piece.columns.lowerBound..<3 * piece.columns.upperBound
    return Photograph(
      width: piece.columns.count, height: piece.rows.count,
      pixels: piece.rows.flatMap { row in
        pixels[row * 3 * width..<(row + 1) * 3 * width].dropFirst(bytes.lowerBound)
          .prefix(bytes.count)
      })
  }

  /// Three channels in an order, or one, their luminance (ITU-R BT.601).
  fileprivate func interleaved(channels: Int, _ colors: ChannelOrder) -> [UInt8] {
    if channels == 3, colors == .rgb { return pixels }
    let starts = stride(from: 0, to: pixels.count, by: 3)
    if channels == 3 { return starts.flatMap { pixels[$0..<$0 + 3].reversed() } }
    return starts.map { start in
      // In 1/2^16, as Pillow does.
      let sum =
        19595 * Int(pixels[start]) + 38470 * Int(pixels[start + 1]) + 7471 * Int(pixels[start + 2])
      return UInt8((sum + 0x8000) >> 16)
    }
  }
}
