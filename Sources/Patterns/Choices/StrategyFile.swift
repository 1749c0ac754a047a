internal import Formats
internal import Foundation
public import Metrics

/// `strategy.json`: a strategy with what was measured of it, and of which model.
public struct StrategyFile: Sendable, Hashable {
  /// The model's name.
  public var model: String
  /// SHA-256 of the model's files, in hexadecimal.
  public var digest: String?
  /// The target of the search.
  public var target: Target?
  /// The seed of the search.
  public var seed: UInt64?
  /// How it is made into a model; nil in files of older versions.
  public var method: PruningMethod?
  /// The metrics of that model, by split.
  public var metrics: Metrics?
  /// The strategy.
  public var strategy: Strategy

  /// The metrics of a strategy.
  public struct Metrics: Sendable, Hashable, Codable {
    /// Multiply-accumulates for one image.
    public var macs: Int
    /// Learned parameters kept.
    public var parameters: Int
    /// Accuracy on validation images, if it was measured.
    public var validation: Accuracy?

    /// The metrics of a strategy.
    public init(_ cost: Cost, validation: Accuracy?) {
      macs = cost.macs
      parameters = cost.parameters
      self.validation = validation
    }
  }

  /// A strategy of the model of that name and digest.
  public init(
    model: String, digest: String?, target: Target? = nil, seed: UInt64? = nil,
    method: PruningMethod? = nil, metrics: Metrics? = nil, strategy: Strategy
  ) {
    self.model = model
    self.digest = digest
    self.target = target
    self.seed = seed
    self.method = method
    self.metrics = metrics
    self.strategy = strategy
  }

  /// The file as JSON; units that are dense and not pinned are left out.
  public func json(for space: PruningSpace) -> String {
    let units = space.units.indices.compactMap { index -> Record.Unit? in
      let (pattern, isPinned) = (strategy.choices[index], strategy.pins[index])
      guard pattern != .dense || isPinned else { return nil }
      return Record.Unit(
        unit: space.units[index].name, choice: PatternRecord(pattern), isPinned: isPinned)
    }
    let record = Record(
      format: Record.format, version: 1, model: .init(name: model, sha256: digest),
      program: "sculpt \(programVersion)", target: target, seed: seed, method: method,
      metrics: metrics, units: units)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(record) else { return "{}" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// Writes the file as a whole or not at all.
  /// - Parameter replacing: whether a file that is there may be replaced.
  /// - Throws: `FormatError`.
  public func write(to path: String, for space: PruningSpace, replacing: Bool) throws {
    try AtomicFile.write(data: Array(json(for: space).utf8), to: path, replacing: replacing)
  }

  /// Reads a strategy for a space.
  /// - Throws: `PatternError` or `FormatError`, which names the unit at fault.
  public static func read(_ path: String, for space: PruningSpace) throws -> StrategyFile {
    let record = try Record.read(path)
    var strategy = Strategy(denseFor: space)
    for unit in record.units {
      guard let index = space.unit(named: unit.unit) else {
        throw PatternError("\(path): the model has no unit '\(unit.unit)'")
      }
      let pattern: Pattern
      do {
        pattern = try unit.choice.pattern()
      } catch {
        throw PatternError("\(path): unit '\(unit.unit)': \(error)")
      }
      guard space.allows(pattern, for: index) else {
        throw PatternError("\(path): pattern \(pattern.name) does not fit unit '\(unit.unit)'")
      }
      strategy.choices[index] = pattern
      strategy.pins[index] = unit.isPinned
    }
    return StrategyFile(
      model: record.model.name, digest: record.model.sha256, target: record.target,
      seed: record.seed, method: record.method, metrics: record.metrics, strategy: strategy)
  }

  /// How the strategy in a file is made into a model; nil if it does not say so.
  /// - Throws: `PatternError` or `FormatError` if it is no strategy.
  public static func method(at path: String) throws -> PruningMethod? {
    try Record.read(path).method
  }
}

/// The JSON of a strategy file.
private struct Record: Codable {
  static let format = "sculpt-strategy"
  struct Model: Codable {
    var name: String
    var sha256: String?
  }
  struct Unit: Codable {
    var unit: String
    var choice: PatternRecord
    var isPinned: Bool

    enum CodingKeys: String, CodingKey {
      case unit
      case choice
      case isPinned = "pinned"
    }
  }
  var format: String
  var version: Int
  var model: Model
  var program: String
  var target: Target?
  var seed: UInt64?
  var method: PruningMethod?
  var metrics: StrategyFile.Metrics?
  var units: [Unit]

  static func read(_ path: String) throws -> Record {
    let record: Record
    do {
      record = try JSONDecoder().decode(
        Record.self, from: Data(FileBytes.read(path, limit: 1 << 26)))
    } catch let error as DecodingError {
      throw PatternError("\(path): not a strategy: \(error.plainDescription)")
    }
    guard record.format == Record.format, record.version == 1 else {
      throw PatternError(
        "\(path): format '\(record.format)' version \(record.version) is not known here")
    }
    return record
  }
}
