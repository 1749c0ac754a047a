/// The times of every choice on the devices for which a strategy is meant, a table each.
public struct Latencies: Hashable, Sendable {
  /// At least one.
  public let tables: [LatencyTable]

  /// The times on one device or several.
  public init(_ tables: LatencyTable...) { self.init(tables) }

  /// The times on several devices, at least one.
  public init(_ tables: [LatencyTable]) {
    precondition(!tables.isEmpty, "no device has been timed")
    self.tables = tables
  }

  /// The predicted time of a strategy, as a share of the dense network's, on the device where that is most.
  public func share(of strategy: Strategy, in space: PruningSpace) -> Double {
    tables.reduce(0) { max($0, $1.share(of: strategy, in: space)) }
  }
}

/// One table is written as it is, as before there were several.
extension Latencies: Codable {
  /// Reads a table, or several.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let table = try? container.decode(LatencyTable.self) {
      tables = [table]
      return
    }
    tables = try container.decode([LatencyTable].self)
    guard !tables.isEmpty else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no tables")
    }
  }

  /// Writes the tables.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if tables.count == 1 { try container.encode(tables[0]) } else { try container.encode(tables) }
  }
}
