import Foundation
import ModelGraph
import Synchronization
internal import Threads

/// A folder with a folder of JPEG and PNG images for each class, as torchvision's `ImageFolder`.
///
/// Pictures may lie in folders of the class's folder. They are decoded as Pillow does: no colour is managed,
/// and none is turned by its EXIF orientation.
struct ImageFolder {
  private let path: String
  private let fitting: ImageFitting
  private let order: ClassOrder

  init(_ path: String, _ fitting: ImageFitting, _ order: ClassOrder) {
    self.path = path
    self.fitting = fitting
    self.order = order
  }

  /// Names of pictures, as torchvision knows them; only the first few formats are read.
  private static let read = [".jpg", ".jpeg", ".png"]
  private static let unread = [".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"]

  /// The fitted images, a byte a value, may fill half of the memory.
  private static let mostBytes = max(
    Dataset.maximumCount, Int(clamping: ProcessInfo.processInfo.physicalMemory / 2))

  /// Whether a file's name says that it is a picture.
  static func isPicture(_ path: String) -> Bool {
    let name = path.lowercased()
    return (read + unread).contains { name.hasSuffix($0) }
  }

  /// The images and their classes, ordered by name.
  private func files(
    for graph: Graph, _ classes: [String]
  ) throws(FormatError) -> [(path: String, label: Int)] {
    let folders = try ClassFolders(
      in: path, order, count: graph.nodes[graph.output].shape.count, classes: classes)
    var files: [(path: String, label: Int)] = []
    for (name, label) in folders.folders {
      try FolderListing.walk("\(path)/\(name)") { file in
        if Self.isPicture(file) { files.append((file, label)) }
      }
    }
    if let file = files.first(where: { file in
      !Self.read.contains { file.path.lowercased().hasSuffix($0) }
    }) {
      throw FormatError(
        file.path, "is a picture in a format that is not read",
        remedy: "convert it to JPEG or PNG, or take it away")
    }
    return files
  }

  /// Decodes and fits every image, in parallel; only the fitted ones stay in memory.
  ///
  /// - Parameter classes: what the model calls its classes; may be empty.
  func read(for graph: Graph, _ classes: [String]) throws(FormatError) -> LabelledImages {
    let shape = graph.inputShape
    guard shape.isFeatureMap, [1, 3].contains(shape.channels) else {
      throw FormatError(
        path, "holds images, but the model reads \(shape)", remedy: "name other data")
    }
    let files = try files(for: graph, classes)
    let size = shape.count
    guard files.count <= Self.mostBytes / size else {
      throw FormatError(
        path,
        "holds \(files.count) images, of which the memory has room for \(Self.mostBytes / size) at \(shape)",
        remedy: "name a folder with fewer images")
    }
    let failure = Mutex<FormatError?>(nil)
    var pixels = [UInt8](repeating: 0, count: files.count * size)
    pixels.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      parallel(files.count, threads: ProcessInfo.processInfo.activeProcessorCount) { index in
        guard failure.withLock({ $0 == nil }) else { return }
        do throws(FormatError) {
          let file = files[index].path
          let photograph = try Photograph(FileBytes.read(file, limit: 1 << 30), file: file)
            .fitted(width: shape.width, height: shape.height, fitting)
          photograph.write(
            channels: shape.channels,
            to: UnsafeMutableBufferPointer(
              rebasing: buffer[index * size..<(index + 1) * size]))
        } catch {
          failure.withLock { $0 = $0 ?? error }
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return LabelledImages(
      pixels: .bytes(pixels), dimensions: [files.count] + shape.dimensions,
      labels: files.map(\.label), imageFile: path, labelFile: path)
  }
}

extension Photograph {
  /// Writes the planes of three channels, or of one, their luminance (ITU-R BT.601).
  fileprivate func write(channels: Int, to target: UnsafeMutableBufferPointer<UInt8>) {
    let area = width * height
    for pixel in 0..<area {
      let (red, green, blue) = (pixels[3 * pixel], pixels[3 * pixel + 1], pixels[3 * pixel + 2])
      if channels == 3 {
        target[pixel] = red
        target[area + pixel] = green
        target[2 * area + pixel] = blue
      } else {
        // In 1/2^16, as Pillow does.
        let sum = 19595 * Int(red) + 38470 * Int(green) + 7471 * Int(blue) + 0x8000
        target[pixel] = UInt8(sum >> 16)
      }
    }
  }
}
