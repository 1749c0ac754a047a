import ModelGraph

/// CIFAR's binary layout (https://www.cs.toronto.edu/~kriz/cifar.html): for each image one byte of label,
/// in CIFAR-100 a coarse and a fine one, then 32 x 32 bytes of red, of green, of blue.
enum CIFARFile {
  private static let pixels = 3 * 32 * 32

  /// Reads files one after the other; whether they hold one label an image or two is told by their size
  /// and by the model's number of classes.
  static func read(_ paths: [String], for graph: Graph) throws(FormatError) -> LabelledImages {
    var images: [UInt8] = []
    var labels: [Int] = []
    let isFine = graph.nodes[graph.output].shape.count > 20
    for path in paths {
      let bytes = try FileBytes.read(path, limit: Dataset.maximumCount)
      let sizes = [1, 2].filter { bytes.count.isMultiple(of: pixels + $0) && !bytes.isEmpty }
      guard let head = sizes.count == 2 ? (isFine ? 2 : 1) : sizes.first else {
        throw FormatError(
          path, "is \(bytes.count) bytes long, no whole number of CIFAR's records",
          remedy: "name an unpacked .bin file of CIFAR-10 or CIFAR-100")
      }
      for start in stride(from: 0, to: bytes.count, by: pixels + head) {
        // Of two labels the coarse one, of 20 classes, comes first.
        labels.append(Int(bytes[start + (isFine ? head - 1 : 0)]))
        images += bytes[start + head..<start + head + pixels]
      }
    }
    let name = paths.joined(separator: ", ")
    return LabelledImages(
      pixels: .bytes(images), dimensions: [labels.count, 3, 32, 32], labels: labels,
      imageFile: name, labelFile: name)
  }
}
