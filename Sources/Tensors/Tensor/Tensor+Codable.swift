internal import Foundation

extension Tensor: Codable {
  private enum CodingKeys: String, CodingKey {
    case shape, scalars
  }

  /// Writes the shape and the elements' little-endian bytes, so that every bit survives.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(shape, forKey: .shape)
    try container.encode(scalars.withUnsafeBytes { Data($0) }, forKey: .scalars)
  }

  /// Reads what `encode(to:)` wrote, and throws `DecodingError` when shape and bytes disagree.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let shape = try container.decode([Int].self, forKey: .shape)
    let bytes = try container.decode(Data.self, forKey: .scalars)
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow else {
        throw DecodingError.dataCorruptedError(
          forKey: .shape, in: container, debugDescription: "impossible shape \(shape)")
      }
      count = product
    }
    let stride = MemoryLayout<Scalar>.stride
    guard bytes.count % stride == 0, bytes.count / stride == count else {
      throw DecodingError.dataCorruptedError(
        forKey: .scalars, in: container,
        debugDescription: "\(bytes.count) bytes do not fill the shape \(shape)")
    }
    self.init(shape: shape) { destination in
      _ = bytes.copyBytes(to: destination)
    }
  }
}
