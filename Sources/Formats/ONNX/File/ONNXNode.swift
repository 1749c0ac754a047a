internal import SwiftProtobuf

/// An operator of the file.
struct ONNXNode: Sendable {
  let name: String
  let kind: String
  /// Empty for ONNX's own operators.
  let domain: String
  /// Names of values; empty where an optional one is left out.
  let inputs: [String]
  let outputs: [String]
  let attributes: [String: Attribute]
  /// The modules that it was a part of in PyTorch, each with its full path, and at last the function it
  /// belongs to; empty if the file does not tell.
  let scopes: [String]

  enum Attribute: Sendable {
    case float(Float)
    case integer(Int)
    case string(String)
    case tensor(ONNXTensor)
    case floats([Float])
    case integers([Int])
    case graph(ONNXSubgraph)
    /// Strings, several graphs, a tensor of another type.
    case other

    /// Nil if it holds nothing and does not say what it could hold.
    init?(_ attribute: ProtoAttribute, file: String, names: inout DistinctNames, depth: Int) {
      // Writers in proto3's way leave out what is zero; older ones leave out the type.
      switch attribute.type {
      case 1: self = .float(attribute.f)
      case 2: self = .integer(Int(attribute.i))
      case 3: self = .string(String(decoding: attribute.s, as: UTF8.self))
      case 6: self = .floats(attribute.floats)
      case 7: self = .integers(attribute.ints.map { Int($0) })
      default:
        if attribute.hasG {
          self =
            ONNXSubgraph(attribute.g, file: file, names: &names, depth: depth)
            .map { .graph($0) } ?? .other
        } else if attribute.hasT {
          self = (try? ONNXTensor(attribute.t, file: file)).map { .tensor($0) } ?? .other
        } else if attribute.hasF {
          self = .float(attribute.f)
        } else if attribute.hasI {
          self = .integer(Int(attribute.i))
        } else if attribute.hasS {
          self = .string(String(decoding: attribute.s, as: UTF8.self))
        } else if !attribute.floats.isEmpty {
          self = .floats(attribute.floats)
        } else if !attribute.ints.isEmpty {
          self = .integers(attribute.ints.map { Int($0) })
        } else if attribute.type == 0 {
          return nil
        } else {
          self = .other
        }
      }
    }
  }

  /// - Parameters:
  ///   - names: what the file's values are called.
  ///   - depth: how many graphs it stands in besides the model's own.
  init(_ node: ProtoNode, file: String, names: inout DistinctNames, depth: Int = 0) {
    name = node.name.printable
    kind = node.opType.printable
    domain = node.domain == "ai.onnx" ? "" : node.domain
    inputs = node.input.map { $0.isEmpty ? "" : names($0) }
    outputs = node.output.map { $0.isEmpty ? "" : names($0) }
    var attributes: [String: Attribute] = [:]
    for attribute in node.attribute {
      attributes[attribute.name] = Attribute(
        attribute, file: file, names: &names, depth: depth)
    }
    self.attributes = attributes
    scopes = Self.scopes(of: node)
  }

  /// A module's path as PyTorch's exporter of 2024 wrote it, a Python list: `['', 'layer1', 'layer1.0', 'add']`.
  private static func scopes(of node: ProtoNode) -> [String] {
    let entry = node.metadataProps.first { $0.key == "pkg.torch.onnx.name_scopes" }
    return (entry?.value ?? "").split(separator: ",").map { item in
      String(item.filter { !"[]' ".contains($0) }).printable
    }
  }

  /// The graph that an attribute holds.
  func graph(_ name: String) -> ONNXSubgraph? {
    if case .graph(let graph) = attributes[name] { graph } else { nil }
  }

  /// The values that graphs within it read from around it.
  var captures: [String] {
    attributes.values.flatMap { attribute in
      if case .graph(let graph) = attribute { graph.captures } else { [String]() }
    }.sorted()
  }

  /// The input at a place, nil where it is left out.
  func input(_ place: Int) -> String? {
    place < inputs.count && !inputs[place].isEmpty ? inputs[place] : nil
  }

  // MARK: Attributes

  func integer(_ name: String) throws -> Int? {
    try attribute(name) { if case .integer(let value) = $0 { value } else { nil } }
  }

  func integers(_ name: String) throws -> [Int]? {
    try attribute(name) { if case .integers(let values) = $0 { values } else { nil } }
  }

  func float(_ name: String) throws -> Float? {
    try attribute(name) { if case .float(let value) = $0 { value } else { nil } }
  }

  func floats(_ name: String) throws -> [Float]? {
    try attribute(name) { if case .floats(let values) = $0 { values } else { nil } }
  }

  func string(_ name: String) throws -> String? {
    try attribute(name) { if case .string(let value) = $0 { value } else { nil } }
  }

  func tensor(_ name: String) throws -> ONNXTensor? {
    try attribute(name) { if case .tensor(let tensor) = $0 { tensor } else { nil } }
  }

  /// The value of an attribute, or nil if it is left out.
  /// - Throws: `ConstantFolding.Failure` if it is of another kind.
  private func attribute<Value>(
    _ name: String, _ value: (Attribute) -> Value?
  ) throws -> Value? {
    guard let attribute = attributes[name] else { return nil }
    guard let value = value(attribute) else {
      throw ConstantFolding.Failure(reason: "has an attribute \(name.quoted) of the wrong kind")
    }
    return value
  }
}
