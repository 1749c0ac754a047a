import Foundation
import ModelGraph
import Synchronization
internal import Threads

/// A folder with a folder of JPEG and PNG images for each class, as torchvision's `ImageFolder`.
///
/// The class of a folder is its place in the order of names; if all names are numbers, the number.
struct ImageFolder {
  private let path: String
  private let fitting: ImageFitting

  init(_ path: String, _ fitting: ImageFitting) {
    self.path = path
    self.fitting = fitting
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// The images and their classes, ordered by name.
  private func files() throws(FormatError) -> [(path: String, label: Int)] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        .filter { !$0.hasPrefix(".") && Self.isFolder("\(path)/\($0)") }
    } catch {
      throw FormatError(path, "cannot be read", remedy: "check the path and its permissions")
    }
    let areNumbers = names.allSatisfy { Int($0).map { $0 >= 0 } ?? false }
    return names.enumerated().flatMap { place, name in
      let label = areNumbers ? Int(name) ?? place : place
      let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)")) ?? []
      return files.sorted().filter { file in
        [".jpg", ".jpeg", ".png"].contains { file.lowercased().hasSuffix($0) }
      }.map { ("\(path)/\(name)/\($0)", label) }
    }
  }

  /// Decodes and fits every image, in parallel; only the fitted ones stay in memory.
  func read(for graph: Graph) throws(FormatError) -> LabelledImages {
    let shape = graph.inputShape
    guard shape.isFeatureMap, [1, 3].contains(shape.channels) else {
      throw FormatError(
        path, "holds images, but the model reads \(shape)", remedy: "name other data")
    }
    let files = try files()
    let size = shape.count
    guard files.count <= Dataset.maximumCount / size else {
      throw FormatError(
        path, "holds \(files.count) images, too many for the memory at \(shape)",
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
