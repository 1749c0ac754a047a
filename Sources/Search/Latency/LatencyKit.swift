internal import Formats
internal import Foundation
internal import Metrics
public import ModelGraph
public import Patterns
internal import Peers
internal import Pruning

/// The time of every choice on a device.
public struct DeviceLatencies: Hashable, Sendable {
  /// The engine and the device.
  public let device: String
  /// What was measured there.
  public let table: LatencyTable
}

/// What another device needs to time the choices of a model: networks as ONNX, each with choices of which no two
/// change the time of the same node, and a script that runs them beside the dense one.
///
/// The networks have the model's shapes but not its weights, which time does not depend on: all of them read the
/// same values from one file.
public struct LatencyKit {
  private let model: Model
  private let space: PruningSpace
  /// Ties a table to the model and the menus that it is of.
  private let identity: String

  private static let values = "values.bin"

  /// The kit of a model.
  ///
  /// - Parameter digest: of the model's files.
  /// - Throws: `SearchError` if the menus are for an engine that runs no ONNX.
  public init(_ model: Model, digest: String?, _ space: PruningSpace) throws(SearchError) {
    guard space.engine != .native else {
      throw SearchError("other devices run ONNX: add --engine onnx")
    }
    self.model = model
    self.space = space
    let parts = [digest ?? "", space.menus, "\(space.sharing)", "\(space.engine)"]
    identity = SHA256.hexDigest(of: parts.map { Array($0.utf8) }) ?? ""
  }

  /// Writes the kit into a folder, which is made.
  /// - Returns: the number of networks.
  /// - Throws: `FormatError` if a file cannot be written, or exists and may not be replaced.
  public func write(to folder: String, replacing: Bool) throws -> Int {
    func path(_ name: String) -> String { Path.resolve(name, against: folder) }
    try ModelFile.makeFolder(at: folder)
    var names: [String] = []
    var count = 1
    func add(_ model: Model, as name: String) throws {
      let values = try ModelFile.writeONNXForTiming(
        model.fused(), to: path(name), values: Self.values, replacing: replacing)
      count = max(count, values)
      names.append(name)
    }
    try add(model, as: "dense.onnx")
    for (number, batch) in LatencyTable.batches(of: space).enumerated() {
      try add(
        LatencyTable.network(of: batch, in: space, from: model).model,
        as: "choices-\(number + 1).onnx")
    }
    let kit = Description(
      format: Description.format, version: 1, kit: identity, model: model.name, networks: names)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let files = [
      ("kit.json", [UInt8](try encoder.encode(kit))), ("measure.py", NodeProfiler.kitScript),
    ]
    for (name, bytes) in files {
      try AtomicFile.write(data: bytes, to: path(name), replacing: replacing)
    }
    try ModelFile.writeValues(count, to: path(Self.values), replacing: replacing)
    return names.count
  }

  /// Reads the table that the kit's script wrote.
  /// - Throws: `SearchError` if it is none, or of another kit.
  public func read(_ path: String) throws -> DeviceLatencies {
    let table: Table
    do {
      table = try JSONDecoder().decode(
        Table.self, from: Data(FileBytes.read(path, limit: 1 << 26)))
    } catch is DecodingError {
      throw SearchError("\(path): this is no table of a kit's measure.py")
    }
    guard table.format == Table.format, table.version == 1 else {
      throw SearchError("\(path): this is no table that this program knows")
    }
    guard table.kit == identity else {
      throw SearchError(
        "\(path): it was measured for another model, or for other menus; "
          + "write the kit again with sculpt latency --kit")
    }
    let batches = LatencyTable.batches(of: space)
    guard table.networks.count == batches.count + 1,
      table.networks.allSatisfy({ $0.count == 2 })
    else { throw SearchError("\(path): it does not have every network of the kit") }
    let nodes = FusedNodes(space.graph)
    var latencies = LatencyTable(dense: nodes.seconds(table.networks[0][1]), in: space)
    var repeated: [Double] = []
    for (batch, network) in zip(batches, table.networks.dropFirst()) {
      let (shares, dense) = nodes.shares(of: network[1], beside: network[0])
      latencies.note(shares, of: batch, in: space)
      repeated.append(dense)
    }
    latencies.repeated = Timings(repeated)
    return DeviceLatencies(device: "\(table.engine) on \(table.device)", table: latencies)
  }

  private struct Description: Encodable {
    static let format = "sculpt-latency-kit"
    var format: String
    var version: Int
    var kit: String
    var model: String
    var networks: [String]
  }

  private struct Table: Decodable {
    static let format = "sculpt-latency-table"
    var format: String
    var version: Int
    var kit: String
    var device: String
    var engine: String
    /// For each network the nodes of the dense one and its own, timed in turn.
    var networks: [[[NodeProfiler.Node]]]
  }
}
