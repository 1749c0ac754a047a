import ModelGraph
import Testing

/// Every element type, as numbers of the message and as raw bytes.
@Suite struct ONNXElementTests {
  private static let values: [(String, [Float])] = [
    ("float", [0.5, -2]), ("float16", [0.5, -2]), ("bfloat16", [0.5, -2]), ("double", [0.5, -2]),
    ("int8", [1, -2]), ("int16", [300, -2]), ("int32", [70000, -2]), ("int64", [70000, -2]),
    ("uint8", [1, 254]), ("uint16", [1, 65534]), ("uint32", [1, 70000]), ("uint64", [1, 70000]),
    ("bool", [1, 0]),
  ]

  @Test(arguments: ["typed", "raw"], values)
  func elementsAreRead(place: String, expected: (name: String, values: [Float])) throws {
    let parameters = try ONNXFixture.read("elements-\(place)").parameters
    // What is only cast to what it is keeps its name.
    let parameter = parameters[expected.name] ?? parameters[expected.name.uppercased()]
    #expect(parameter?.values == expected.values)
  }
}
