public import ModelGraph

/// Arrays of a network's inputs and outputs as NPY files.
public enum NetworkArrays {
  /// Reads a model's inputs, a single one or as many as the first axis counts.
  /// - Throws: `FormatError` if the file is damaged or holds other shapes.
  public static func read(_ path: String, for model: Model) throws(FormatError) -> Dataset {
    let array = try NPYArray(FileBytes.read(path, limit: 1 << 32)[...], file: path)
    let shape = model.graph.inputShape
    var own = array.dimensions
    if own == shape.dimensions || own == model.input.storedExtents(of: shape) {
      own.insert(1, at: 0)
    }
    let stored = model.input.storedExtents(of: shape)
    guard let count = own.first, count > 0,
      [shape.dimensions, stored].contains(Array(own.dropFirst()))
    else {
      throw FormatError(
        path, "holds an array \(array.dimensions), the model reads \(stored) each",
        remedy: "save the inputs one after the other along the first axis")
    }
    return try Dataset(
      LabelledImages(
        pixels: array.pixels, areIntegers: array.areIntegers, dimensions: own,
        labels: [Int](repeating: 0, count: count), imageFile: path, labelFile: path),
      for: model.graph, input: model.input)
  }

  /// Writes float32 values of the given extents, atomically.
  /// - Throws: `FormatError` when the file cannot be written, or exists and may not be replaced.
  public static func write(
    _ values: [Float], extents: [Int], to path: String, replacing: Bool = false
  ) throws(FormatError) {
    precondition(values.count == extents.reduce(1, *), "values do not fill \(extents)")
    let shape = extents.map { "\($0)," }.joined(separator: " ")
    var header = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape)), }".utf8)
    // Magic, version and length take ten bytes; the data begin on a multiple of 64.
    header += [UInt8](repeating: 0x20, count: 63 - (header.count + 10) % 64) + [0x0A]
    var bytes = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes += [UInt8(header.count & 0xFF), UInt8(header.count >> 8)] + header
    bytes.reserveCapacity(bytes.count + 4 * values.count)
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    try AtomicFile.write(data: bytes, to: path, replacing: replacing)
  }
}
