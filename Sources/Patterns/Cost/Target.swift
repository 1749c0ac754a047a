/// The target of a search: the share of the dense model's cost that may be kept.
public struct Target: Hashable, Sendable {
  /// A resource that can be budgeted.
  public enum Resource: String, CaseIterable, Hashable, Sendable, Codable {
    /// Multiply-accumulates of one image.
    case macs
    /// The time of one image on one thread, as a `LatencyTable` predicts it.
    case latency
  }

  /// The share of the dense model's that may be kept, above 0, at most 1.
  public var share: Double
  /// The resource that is kept.
  public var resource: Resource

  /// A share of a resource.
  public init(_ share: Double, of resource: Resource = .macs) {
    self.share = share
    self.resource = resource
  }
}

extension Target.Resource {
  /// As in "half of the MACs".
  public var name: String {
    switch self {
    case .macs: "MACs"
    case .latency: "latency"
    }
  }
}

/// A number is a share of the MACs, `{"latency": 0.7}` one of another resource.
extension Target: Codable {
  /// Reads a target.
  public init(from decoder: any Decoder) throws {
    if let share = try? decoder.singleValueContainer().decode(Double.self) {
      self.init(share)
      return
    }
    let values = try decoder.container(keyedBy: Key.self)
    guard let key = values.allKeys.first, values.allKeys.count == 1,
      let resource = Resource(rawValue: key.stringValue)
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: values.codingPath, debugDescription: "a target of nothing that is known"))
    }
    self.init(try values.decode(Double.self, forKey: key), of: resource)
  }

  /// Writes a target.
  public func encode(to encoder: any Encoder) throws {
    if resource == .macs {
      var value = encoder.singleValueContainer()
      try value.encode(share)
    } else {
      var values = encoder.container(keyedBy: Key.self)
      try values.encode(share, forKey: Key(stringValue: resource.rawValue))
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
