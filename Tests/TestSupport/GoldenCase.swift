public import Formats
internal import Foundation
public import ModelGraph

/// A network with inputs and the outputs that ONNX Runtime gives for them, from files that
/// `Fixtures/make-operators.py` makes.
public struct GoldenCase: Sendable, CustomStringConvertible {
  /// The name of the case.
  public let description: String
  /// A line of `operators.json`.
  private let members: [String: JSONValue]
  /// Parameters, inputs and outputs, the name of the case left out.
  private let tensors: [String: Parameter]

  /// All of them; each test that needs them fails if the files cannot be read.
  public static let all = Result { try read() }

  private static func read() throws -> [GoldenCase] {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    let json = fixtures.appending(path: "operators.json")
    let parsed = try JSONParser.parse([UInt8](Data(contentsOf: json))[...], file: json.path())
    var tensors: [Substring: [String: Parameter]] = [:]
    let file = fixtures.appending(path: "operators.safetensors")
    for (name, tensor) in try SafeTensors.read(at: file.path()) {
      let parts = name.split(separator: "/")
      tensors[parts[0], default: [:]][String(parts[1])] = tensor
    }
    guard case .array(let elements) = parsed else { return [] }
    return try elements.map { element in
      guard case .object(let members) = element,
        case let members = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) }),
        case .string(let name) = members["name"]
      else { throw Malformed() }
      return GoldenCase(
        description: name, members: members, tensors: try some(tensors[name[...]]))
    }
  }

  private struct Malformed: Error {}

  private static func some<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Malformed() }
    return value
  }

  /// The network, read as the `model.json` that its nodes are from.
  public func model() throws -> Model {
    let json = JSONValue.object([
      .init("format", .string("sculpt-model")), .init("version", .integer(1)),
      .init("name", .string(description)),
      .init("input", .object([.init("shape", try Self.some(members["input"]))])),
      .init("nodes", try Self.some(members["nodes"])),
    ])
    let file = try ModelFile(Array(json.compact.utf8), path: description)
    return try Model(
      name: description, graph: file.model.graph, input: file.model.input, classes: [],
      parameters: tensors.filter { !["input", "output"].contains($0.key) })
  }

  /// The inputs, taken as they are.
  public func dataset(_ shape: Shape) throws -> Dataset {
    let inputs = try Self.some(tensors["input"])
    return Dataset(
      pixels: .values(inputs.values), labels: [Int32](repeating: 0, count: inputs.shape[0]),
      shape: shape)
  }

  /// The outputs of all images, images first.
  public func outputs() throws -> Parameter { try Self.some(tensors["output"]) }

  /// The largest error, as a share of the largest output.
  public var tolerance: Float {
    // A few times what other orders of sums and other polynomials make of single precision.
    guard case .number(let text) = members["tolerance"] else { return 3e-6 }
    return Float(text) ?? 0
  }
}
