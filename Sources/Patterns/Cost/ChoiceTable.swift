/// One value for every choice on the menu of every unit of a space.
///
///     let kept = ChoiceTable(of: space) { unit, pattern in space.kept(pattern, of: unit).kept }
///     kept[unit: 0, choice: 2]
public struct ChoiceTable<Value> {
  private var rows: [[Value]]

  /// A table with those values, `[units][menu entries]`.
  public init(rows: [[Value]]) { self.rows = rows }

  /// A table of the values that `value` gives for the number of a unit and a pattern of its menu.
  public init<Failure: Error>(
    of space: PruningSpace, _ value: (_ unit: Int, Pattern) throws(Failure) -> Value
  ) throws(Failure) {
    rows = []
    for (unit, description) in space.units.enumerated() {
      var row: [Value] = []
      for pattern in description.menu { row.append(try value(unit, pattern)) }
      rows.append(row)
    }
  }

  /// The value of one choice of one unit, by its place on the menu.
  public subscript(unit unit: Int, choice choice: Int) -> Value {
    get { rows[unit][choice] }
    set { rows[unit][choice] = newValue }
  }

  /// The values of a unit, in the order of its menu.
  public subscript(unit unit: Int) -> [Value] { rows[unit] }

  /// The number of units.
  public var unitCount: Int { rows.count }

  /// Whether there is a value for every choice of a space, and for nothing else.
  public func fits(_ space: PruningSpace) -> Bool {
    rows.map(\.count) == space.units.map(\.menu.count)
  }

  /// The table of what `transform` makes of each unit's number and value.
  public func map<Other>(_ transform: (_ unit: Int, Value) -> Other) -> ChoiceTable<Other> {
    ChoiceTable<Other>(
      rows: rows.enumerated().map { unit, row in row.map { transform(unit, $0) } })
  }
}

extension ChoiceTable: Sendable where Value: Sendable {}
extension ChoiceTable: Equatable where Value: Equatable {}
extension ChoiceTable: Hashable where Value: Hashable {}

extension ChoiceTable: Codable where Value: Codable {
  /// Reads the values, `[units][menu entries]`.
  public init(from decoder: any Decoder) throws {
    rows = try decoder.singleValueContainer().decode([[Value]].self)
  }

  /// Writes the values, `[units][menu entries]`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rows)
  }
}
