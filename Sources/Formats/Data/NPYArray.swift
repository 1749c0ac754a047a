/// An array in numpy's NPY format, versions 1 to 3 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
struct NPYArray {
  /// The extents, outermost first.
  let dimensions: [Int]
  /// numpy's name of the element type without its byte order, as in `f4`.
  let type: String
  private let isBigEndian: Bool
  private let isFortranOrder: Bool
  private let data: ArraySlice<UInt8>
  private let file: String

  /// The kinds of elements that are read, with their sizes.
  private static let sizes = [
    "u1": 1, "i1": 1, "b1": 1, "u2": 2, "i2": 2, "u4": 4, "i4": 4, "u8": 8, "i8": 8, "f2": 2,
    "f4": 4, "f8": 8,
  ]

  /// Decodes a whole file.
  init(_ bytes: ArraySlice<UInt8>, file: String) throws(FormatError) {
    func error(_ problem: String) -> FormatError {
      FormatError(file, problem, remedy: "write it again with numpy.save or numpy.savez")
    }
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 10 else {
      throw error("is not an NPY array")
    }
    let start = bytes.startIndex
    let isLong = bytes[start + 6] > 1
    let lengthBytes = bytes[(start + 8)...].prefix(isLong ? 4 : 2)
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    let headerStart = start + 8 + lengthBytes.count
    guard lengthBytes.count == (isLong ? 4 : 2), length <= bytes.endIndex - headerStart else {
      throw error("is truncated in its header")
    }
    let header = String(decoding: bytes[headerStart..<headerStart + length], as: UTF8.self)
    guard let descriptor = Self.value(of: "descr", in: header), descriptor.count >= 3,
      let order = descriptor.first, let shape = Self.value(of: "shape", in: header),
      let fortran = Self.value(of: "fortran_order", in: header)
    else { throw error("has a header that cannot be read") }
    let type = String(descriptor.dropFirst())
    guard let size = Self.sizes[type] else {
      throw FormatError(
        file, "has elements of type \(descriptor.quoted)",
        remedy: "convert it to uint8 or float32 for images, int64 for labels")
    }
    let parts = shape.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    let dimensions = parts.compactMap { Int($0) }
    guard dimensions.count == parts.count, dimensions.allSatisfy({ $0 >= 0 }) else {
      throw error("has a header that cannot be read")
    }
    var count = size
    for extent in dimensions {
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows else { throw error("promises more elements than it can hold") }
      count = product
    }
    data = bytes[(headerStart + length)...]
    guard data.count == count else {
      throw error("promises \(count) bytes of data and has \(data.count)")
    }
    self.dimensions = dimensions
    self.type = type
    isBigEndian = order == ">"
    isFortranOrder = fortran.hasPrefix("True")
    self.file = file
  }

  /// The text of an entry of the header, a Python dictionary; quotes and parentheses left out.
  private static func value(of key: String, in header: String) -> String? {
    guard let range = header.firstRange(of: "'\(key)':") else { return nil }
    let rest = header[range.upperBound...].drop { $0 == " " }
    switch rest.first {
    case "'": return String(rest.dropFirst().prefix { $0 != "'" })
    case "(": return String(rest.dropFirst().prefix { $0 != ")" })
    default: return String(rest.prefix { $0 != "," && $0 != "}" })
    }
  }

  /// The elements as numbers, row-major.
  func map<Element>(_ transform: (Double) -> Element) -> [Element] {
    let size = Self.sizes[type] ?? 1
    let count = data.count / size
    let values = data.withUnsafeBytes { bytes in
      (0..<count).map { index -> Element in
        var bits: UInt64 = 0
        for place in 0..<size {
          let byte = bytes[index * size + (isBigEndian ? place : size - 1 - place)]
          bits = bits << 8 | UInt64(byte)
        }
        return transform(number(bits, size))
      }
    }
    return inRowMajorOrder(values)
  }

  private func number(_ bits: UInt64, _ size: Int) -> Double {
    switch type {
    case "f2": Double(ElementType.float(half: UInt16(bits)))
    case "f4": Double(Float(bitPattern: UInt32(bits)))
    case "f8": Double(bitPattern: bits)
    case "i1", "i2", "i4", "i8":
      Double(Int64(bitPattern: bits << UInt64(64 - 8 * size)) >> Int64(64 - 8 * size))
    default: Double(bits)
    }
  }

  /// The elements as integers, row-major.
  /// - Throws: `FormatError`, which names one that 64 bits do not hold.
  func integers() throws(FormatError) -> [Int] {
    guard type == "u8" || type == "i8" else { return map { Int(exactly: $0) ?? 0 } }
    let isSigned = type == "i8"
    let values = data.withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map { index in
        let bits = bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
        return isBigEndian ? UInt64(bigEndian: bits) : UInt64(littleEndian: bits)
      }
    }
    let ordered = inRowMajorOrder(values)
    if !isSigned, let place = ordered.firstIndex(where: { $0 > UInt64(Int.max) }) {
      throw FormatError(
        file, "label \(ordered[place]) of image \(place) is none of a model's classes",
        remedy: "use the data that the model was trained for")
    }
    return ordered.map { Int(truncatingIfNeeded: $0) }
  }

  /// Whether the elements are whole numbers; truth values are none.
  var areIntegers: Bool { type.hasPrefix("u") || type.hasPrefix("i") }

  /// The bytes, if that is what the elements are.
  var bytes: [UInt8]? { type == "u1" ? inRowMajorOrder(Array(data)) : nil }

  /// The elements as an image's.
  var pixels: Dataset.Pixels { bytes.map { .bytes($0) } ?? .values(map { Float($0) }) }

  private func inRowMajorOrder<Element>(_ values: [Element]) -> [Element] {
    guard isFortranOrder, dimensions.count > 1 else { return values }
    var strides: [Int] = []
    for extent in dimensions { strides.append((strides.last ?? 1) * extent) }
    strides = [1] + strides.dropLast()
    var offsets = [0]
    for (extent, stride) in zip(dimensions, strides) {
      offsets = offsets.flatMap { offset in (0..<extent).map { offset + $0 * stride } }
    }
    return offsets.map { values[$0] }
  }
}

extension NPYArray {
  /// Two arrays of a data set.
  static func pair(
    images imageBytes: [UInt8], imageFile: String, labels labelBytes: [UInt8], labelFile: String
  ) throws(FormatError) -> LabelledImages {
    let images = try NPYArray(imageBytes[...], file: imageFile)
    let labels = try NPYArray(labelBytes[...], file: labelFile)
    return try LabelledImages(
      images: images, imageFile: imageFile, labels: labels, labelFile: labelFile)
  }
}

extension LabelledImages {
  /// Images of integers are scaled as the model says; any others are taken to be normalised.
  init(
    images: NPYArray, imageFile: String, labels: NPYArray, labelFile: String
  ) throws(FormatError) {
    let extents = labels.dimensions.filter { $0 != 1 }
    guard labels.dimensions.count <= 2, extents.count <= 1, !labels.type.hasPrefix("f") else {
      throw FormatError(
        labelFile, "holds no labels: its shape is \(labels.dimensions), its type \(labels.type)",
        remedy: "name an array of integers, one an image")
    }
    self.init(
      pixels: images.pixels, areIntegers: images.areIntegers, dimensions: images.dimensions,
      labels: try labels.integers(), imageFile: imageFile, labelFile: labelFile)
  }
}
