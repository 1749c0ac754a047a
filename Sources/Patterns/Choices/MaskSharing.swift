/// Which filters of a convolution have one mask of taps.
public enum MaskSharing: Hashable, Sendable {
  /// Each run of so many filters; 1 lets every filter have its own.
  case block(Int)
  /// Any filters, but the layer has at most so many masks.
  case layer(masks: Int)

  /// Those that kernels compute together.
  public static let standard = MaskSharing.block(Pattern.blockWidth)
}

/// `block`, `filter`, `block-16`, or the number of masks of a layer.
extension MaskSharing: LosslessStringConvertible {
  /// Reads a description.
  public init?(_ description: String) {
    let number = { (text: Substring) in Int(text).flatMap { (1...4096).contains($0) ? $0 : nil } }
    switch description {
    case "block": self = .standard
    case "filter": self = .block(1)
    case let text where text.hasPrefix("block-"):
      guard let size = number(text.dropFirst(6)) else { return nil }
      self = .block(size)
    default:
      guard let masks = number(description[...]) else { return nil }
      self = .layer(masks: masks)
    }
  }

  /// As it is read.
  public var description: String {
    switch self {
    case .standard: "block"
    case .block(let size): size == 1 ? "filter" : "block-\(size)"
    case .layer(let masks): "\(masks)"
    }
  }
}

extension MaskSharing: Codable {
  /// Reads a description.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let sharing = MaskSharing(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "masks are shared by '\(text)'"))
    }
    self = sharing
  }

  /// Writes the description.
  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode(description)
  }
}
