/// Rows of numbers, all of one length, stored one after another.
public struct FeatureTable: Sendable, Hashable, Codable {
  /// The length of each row.
  public let columnCount: Int
  /// The rows one after another.
  public private(set) var values: [Float] = []

  /// Creates a table without rows.
  public init(columnCount: Int) {
    precondition(columnCount > 0, "a feature table needs a column")
    self.columnCount = columnCount
  }

  /// Creates a table of rows, which must have equal lengths and be at least one.
  public init(_ rows: [[Float]]) {
    self.init(columnCount: rows.first?.count ?? 0)
    for row in rows { append(row) }
  }

  /// The number of rows.
  public var rowCount: Int { values.count / columnCount }

  /// Adds a row of `columnCount` numbers.
  public mutating func append(_ row: some Collection<Float>) {
    precondition(row.count == columnCount, "\(row.count) features where rows have \(columnCount)")
    values.append(contentsOf: row)
  }

  /// The numbers of one row.
  public subscript(row: Int) -> ArraySlice<Float> {
    values[(row * columnCount)..<((row + 1) * columnCount)]
  }
}

extension FeatureTable {
  private enum CodingKeys: String, CodingKey {
    case columnCount, values
  }

  /// Reads a table, and throws `DecodingError` when its numbers do not fill its rows.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let columnCount = try container.decode(Int.self, forKey: .columnCount)
    let values = try container.decode([Float].self, forKey: .values)
    guard columnCount > 0, values.count % columnCount == 0 else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container,
        debugDescription: "\(values.count) numbers do not fill rows of \(columnCount)")
    }
    self.init(columnCount: columnCount)
    self.values = values
  }
}

extension FeatureTable: ExpressibleByArrayLiteral {
  /// Creates a table from its rows.
  public init(arrayLiteral rows: [Float]...) {
    self.init(rows)
  }
}
