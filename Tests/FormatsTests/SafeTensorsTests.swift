import Formats
import ModelGraph
import TestSupport
import Testing

@Suite struct SafeTensorsTests {
  /// A file of the given header and data, its length put before it.
  private func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    let text = Array(header.utf8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text + data
  }

  private func decode(_ bytes: [UInt8]) throws(FormatError) -> [String: Parameter] {
    try SafeTensors.decode(bytes, file: "w.safetensors")
  }

  @Test(arguments: UInt64(0)..<50) func roundTrip(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    var parameters: [String: Parameter] = [:]
    for index in 0..<Int.random(in: 0...12, using: &generator) {
      let shape = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
        Int.random(in: 0...5, using: &generator)
      }
      let values = (0..<shape.reduce(1, *)).map { _ in
        Float.random(in: -1e6...1e6, using: &generator)
      }
      parameters["t\"ä\n\(index)"] = Parameter(shape: shape, values: values)
    }
    let folder = try TemporaryFolder()
    try SafeTensors.write(parameters, to: folder["w.safetensors"])
    #expect(try SafeTensors.read(at: folder["w.safetensors"]) == parameters)
    #expect(try folder.contents() == ["w.safetensors"])
  }

  /// Golden values made by numpy 2.4 and ml_dtypes 0.6:
  ///
  ///     a = numpy.array([0, -0., 1, -2, 1/3, 65504, 2**-14, 2**-24, -1023 * 2**-24, 0.1, 3.140625,
  ///                      numpy.inf], dtype=numpy.float32).astype(dtype)
  ///     a.view(numpy.uint16), a.astype(numpy.float32).view(numpy.uint32)
  @Test(arguments: [
    (
      "F16",
      [
        0x0000, 0x8000, 0x3C00, 0xC000, 0x3555, 0x7BFF, 0x0400, 0x0001, 0x83FF, 0x2E66, 0x4248,
        0x7C00,
      ] as [UInt16],
      [
        0x0000_0000, 0x8000_0000, 0x3F80_0000, 0xC000_0000, 0x3EAA_A000, 0x477F_E000, 0x3880_0000,
        0x3380_0000, 0xB87F_C000, 0x3DCC_C000, 0x4049_0000, 0x7F80_0000,
      ] as [UInt32]
    ),
    (
      "BF16",
      [
        0x0000, 0x8000, 0x3F80, 0xC000, 0x3EAB, 0x4780, 0x3880, 0x3380, 0xB880, 0x3DCD, 0x4049,
        0x7F80,
      ],
      [
        0x0000_0000, 0x8000_0000, 0x3F80_0000, 0xC000_0000, 0x3EAB_0000, 0x4780_0000, 0x3880_0000,
        0x3380_0000, 0xB880_0000, 0x3DCD_0000, 0x4049_0000, 0x7F80_0000,
      ]
    ),
  ])
  func halfPrecision(type: String, halves: [UInt16], singles: [UInt32]) throws {
    let bytes = halves.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let parameters = try decode(
      file(#"{"a":{"dtype":"\#(type)","shape":[3,4],"data_offsets":[0,24]}}"#, bytes))
    let parameter = try #require(parameters["a"])
    #expect(parameter.shape == [3, 4])
    #expect(parameter.values.map(\.bitPattern) == singles)
  }

  @Test func aNaNOfHalfPrecisionStaysOne() throws {
    let parameters = try decode(
      file(#"{"a":{"dtype":"F16","shape":[],"data_offsets":[0,2]}}"#, [0x01, 0x7C]))
    #expect(parameters["a"]?.values[0].isNaN == true)
  }

  @Test func typesThatAreNotReadMatterOnlyWhenWanted() throws {
    let bytes = file(
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"n":"#
        + #"{"dtype":"I64","shape":[],"data_offsets":[0,8]}}"#,
      [UInt8](repeating: 0, count: 12))
    let wanted = try SafeTensors.decode(bytes, file: "w", only: ["a", "b"])
    #expect(wanted == ["a": Parameter(shape: [1], values: [0])])
    #expect {
      try decode(bytes)
    } throws: { error in
      "\(error)".contains("'n'") && "\(error)".contains("'I64'")
    }
  }

  @Test func metadataAndPaddingAreFine() throws {
    let bytes = file(
      #"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}   "#,
      [0, 0, 0x80, 0x3F])
    #expect(try decode(bytes) == ["a": Parameter(shape: [], values: [1])])
    #expect(try decode(file("{}")).isEmpty)
  }

  @Test(
    arguments: [
      ("shorter than its length field", nil, 4, "at least 8"),
      ("not an object", "[]", 0, "object"),
      ("not JSON", "{", 0, "JSON"),
      ("hole at the start", entry(begin: 4, end: 8), 8, "starts at byte"),
      ("data left over", entry(), 8, "belong to no tensor"),
      ("truncated data", entry(), 3, "should have bytes"),
      ("offsets backwards", entry(begin: 4, end: 0), 4, "should have bytes"),
      ("negative offset", entry(begin: -4, end: 0), 4, "should have bytes"),
      ("huge offset", entry(begin: 0, end: Int.max), 4, "should have bytes"),
      ("offset beyond integers", entry(end: "99999999999999999999"), 4, "whole number"),
      ("fractional extent", entry(shape: "[1.5]"), 4, "whole number"),
      ("size unlike shape", entry(shape: "[2]"), 4, "do not fit"),
      ("negative extent", entry(shape: "[-1]"), 4, "impossible shape"),
      ("two negative extents", entry(shape: "[-1,-1]"), 4, "impossible shape"),
      ("overflowing shape", entry(shape: "[4294967296,4294967296]"), 4, "impossible shape"),
      (
        "overflow that comes to nothing", entry(shape: "[4611686018427387904,4,0]", end: 0), 0,
        "impossible shape"
      ),
      ("overflowing size", entry(shape: "[4611686018427387904]"), 4, "do not fit"),
      ("no type", #"{"a":{"shape":[],"data_offsets":[0,4]}}"#, 4, "'dtype' is missing"),
      ("three offsets", #"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,4]}}"#, 4, "2 values"),
      ("number for a tensor", #"{"a":1}"#, 0, "object"),
      ("metadata of numbers", #"{"__metadata__":{"a":1}}"#, 0, "__metadata__"),
      (
        "overlap",
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
          + #""b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12, "starts at byte"
      ),
      (
        "repeated name",
        #"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"#
          + #""a":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}"#, 8, "repeated"
      ),
    ] as [(String, String?, Int, String)])
  func damage(what: String, header: String?, dataCount: Int, hint: String) {
    let data = [UInt8](repeating: 0, count: dataCount)
    #expect {
      try decode(header.map { file($0, data) } ?? data)
    } throws: { error in
      guard let error = error as? FormatError else { return false }
      #expect(error.description.contains(hint))
      return error.file == "w.safetensors" && !error.remedy.isEmpty
    }
  }

  @Test(arguments: [UInt64.max, 1 << 63, 1 << 40, 100_000_001, 1])
  func headerLengthBeyondTheFile(length: UInt64) {
    let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) }
    #expect(throws: FormatError.self) { try decode(bytes) }
  }

  @Test func refusesToReplaceUnlessTold() throws {
    let folder = try TemporaryFolder()
    let path = folder["w.safetensors"]
    let one = ["a": Parameter(shape: [1], values: [1])]
    let two = ["a": Parameter(shape: [1], values: [2])]
    try SafeTensors.write(one, to: path)
    #expect(throws: FormatError.self) { try SafeTensors.write(two, to: path) }
    #expect(try SafeTensors.read(at: path) == one)
    try SafeTensors.write(two, to: path, replacing: true)
    #expect(try SafeTensors.read(at: path) == two)
    #expect(try folder.contents() == ["w.safetensors"])
  }
}

/// The header of a file with one F32 tensor.
private func entry(shape: String = "[1]", begin: Int = 0, end: some Any = 4) -> String {
  #"{"a":{"dtype":"F32","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}}"#
}
