internal import SwiftProtobuf

/// Where the values of a tensor stand: in the model's file or beside it.
struct StoredTensor: Sendable {
  let name: String
  let shape: [Int]
  let type: ONNXElementType
  let place: Place
  /// The values, if they have been read already.
  var values: ONNXTensor?

  enum Place: Sendable {
    /// Little-endian values in the model's file.
    case raw(Range<Int>)
    /// A whole message with typed values in the model's file.
    case message(Range<Int>)
    /// Little-endian values in another file.
    case external(path: String, offset: Int, length: Int)
  }

  /// The most values of a tensor.
  static let largestCount = 1 << 31

  var count: Int { shape.reduce(1, *) }

  /// Reads what the message in `range` of a model's file says of its values.
  ///
  /// - Parameter names: what the file's values are called.
  init(
    _ file: RandomAccessFile, _ range: Range<Int>, names: inout DistinctNames
  ) throws(FormatError) {
    // Everything but the values.
    var header: [UInt8] = []
    var raw: Range<Int>?
    var numbers: [(field: Int, range: Range<Int>?)] = []
    var fields = WireFormat(file, range)
    while let field = try fields.next() {
      switch field.number {
      case 9: raw = field.content
      case 4, 5, 6, 7, 10, 11: numbers.append((field.number, field.content))
      default: header += try file.read(field.whole)
      }
    }
    let message: ProtoTensorHeader
    do {
      message = try ProtoTensorHeader(serializedBytes: header)
    } catch {
      throw FormatError(
        file.path, "a tensor at byte \(range.lowerBound) is damaged",
        remedy: "export or copy the model again")
    }
    name = names(message.name)
    shape = try Self.shape(message.dims, name: name, file: file.path)
    type = try Self.type(message.dataType, name: name, file: file.path)
    let count = shape.reduce(1, *)
    let bytes = count * type.size
    if message.dataLocation == 1 {
      place = try Self.external(message.externalData, bytes: bytes, name: name, file: file.path)
    } else if let raw {
      guard raw.count == bytes else { throw Self.unfilled(name, shape, file.path) }
      place = .raw(raw)
    } else if numbers.count == 1, let range = numbers[0].range, range.count == bytes,
      (numbers[0].field, type) == (4, .float) || (numbers[0].field, type) == (10, .double)
    {
      // Packed floats are what raw data are.
      place = .raw(range)
    } else {
      // Even packed, each value takes a byte.
      guard count <= range.count else { throw Self.unfilled(name, shape, file.path) }
      place = .message(range)
    }
  }

  private static func external(
    _ entries: [ProtoStringEntry], bytes: Int, name: String, file: String
  ) throws(FormatError) -> Place {
    let values = Dictionary(entries.map { ($0.key, $0.value) }) { $1 }
    let offset = values["offset"].map { Int($0) } ?? 0
    let length = values["length"].map { Int($0) } ?? bytes
    guard let location = values["location"], !location.isEmpty, let offset, offset >= 0,
      offset <= Int.max - bytes, length == bytes
    else {
      throw FormatError(
        file, "tensor \(name.quoted) does not say where its data are", remedy: "export it again")
    }
    // As ONNX demands, so that a model reads nothing outside its folder.
    guard !location.hasPrefix("/"), !location.split(separator: "/").contains("..") else {
      throw FormatError(
        file, "tensor \(name.quoted) is at \(location.quoted), outside the model's folder",
        remedy: "put the data beside the model and export it again")
    }
    return .external(
      path: Path.resolve(location, against: Path.folder(of: file)), offset: offset, length: bytes)
  }

  static func shape(_ dims: [Int64], name: String, file: String) throws(FormatError) -> [Int] {
    var count = 1
    for extent in dims {
      let (product, overflows) = count.multipliedReportingOverflow(by: Int(extent))
      guard extent >= 0, !overflows, product <= largestCount, dims.count <= 16 else {
        throw FormatError(
          file, "tensor \(name.quoted) has the shape \(dims.prefix(16)), which cannot be",
          remedy: "export the model again")
      }
      count = product
    }
    return dims.map { Int($0) }
  }

  static func type(
    _ number: Int32, name: String, file: String
  ) throws(FormatError) -> ONNXElementType {
    guard let type = ONNXElementType(rawValue: Int(number)) else {
      throw FormatError(
        file, "tensor \(name.quoted) has elements of ONNX's type \(number), which is not read",
        remedy: "export the model in float32")
    }
    return type
  }

  static func unfilled(_ name: String, _ shape: [Int], _ file: String) -> FormatError {
    FormatError(
      file, "the data of tensor \(name.quoted) do not fill its shape \(shape)",
      remedy: "export or copy the model again")
  }

  /// The values.
  func read(from file: RandomAccessFile) throws(FormatError) -> ONNXTensor {
    if let values { return values }
    switch place {
    case .raw(let range):
      return try read(file, range)
    case .external(let path, let offset, let length):
      return try read(RandomAccessFile(path), offset..<offset + length)
    case .message(let range):
      let message: ProtoTensor
      do {
        message = try ProtoTensor(serializedBytes: file.read(range))
      } catch let error as FormatError {
        throw error
      } catch {
        throw Self.unfilled(name, shape, file.path)
      }
      return try ONNXTensor(message, file: file.path)
    }
  }

  private func read(
    _ file: RandomAccessFile, _ range: Range<Int>
  ) throws(FormatError) -> ONNXTensor {
    type == .float
      ? ONNXTensor(try file.readFloats(range), shape: shape)
      : type.decode(try file.read(range), shape: shape)
  }
}
