import Formats
import ModelGraph
import TestSupport
import Testing

/// Damaged files yield a value or a `FormatError`, never a trap.
@Suite struct HostileInputTests {
  /// A way to read bytes, with bytes that it reads.
  struct Format: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let valid: [UInt8]
    /// Reads bytes and everything that can be derived from them.
    let read: @Sendable ([UInt8]) throws(FormatError) -> Void
  }

  @Test(arguments: formats) func validBytesAreRead(format: Format) throws {
    try format.read(format.valid)
  }

  @Test(arguments: formats) func everyTruncation(format: Format) {
    for count in format.valid.indices {
      expectValueOrError(format, Array(format.valid[..<count]))
    }
  }

  @Test(arguments: formats) func randomBytes(format: Format) {
    var generator = SplitMix(state: 42)
    for _ in 0..<5000 {
      var bytes = format.valid
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[.random(in: bytes.indices, using: &generator)] =
          Bool.random(using: &generator)
          ? .random(in: .min ... .max, using: &generator)
          : Array("0123456789-{}[],:\"eE.\\".utf8).randomElement(using: &generator) ?? 0
      }
      expectValueOrError(format, bytes)
    }
  }

  /// Pieces cut out, doubled and moved: damage that keeps tokens whole.
  @Test(arguments: formats) func shuffledPieces(format: Format) {
    var generator = SplitMix(state: 43)
    for _ in 0..<3000 {
      let bytes = format.valid
      let cuts = (0..<2).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
      let piece = bytes[cuts[0]..<cuts[1]]
      var rest = Array(bytes[..<cuts[0]] + bytes[cuts[1]...])
      for _ in 0..<Int.random(in: 0...2, using: &generator) {
        rest.insert(contentsOf: piece, at: .random(in: 0...rest.count, using: &generator))
      }
      expectValueOrError(format, rest)
    }
  }

  /// Every number replaced by values at the edges of what integers and floats hold.
  @Test func extremeNumbers() {
    let extremes = [
      "0", "-1", "1048576", "1048577", "2147483648", "4294967296", "9223372036854775807",
      "-9223372036854775808", "9223372036854775808", "1e308", "1e-400", "-0", "0.5",
    ]
    for format in formats.prefix(2) {
      let text = format.valid
      var position = text.startIndex
      while position < text.endIndex {
        guard isDigit(text[position]) else {
          position += 1
          continue
        }
        let end = text[position...].firstIndex { !isDigit($0) } ?? text.endIndex
        for extreme in extremes {
          expectValueOrError(format, text[..<position] + Array(extreme.utf8) + text[end...])
        }
        position = end
      }
    }
  }

  private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private func expectValueOrError(_ format: Format, _ bytes: [UInt8]) {
    do throws(FormatError) {
      try format.read(bytes)
    } catch {
      if error.description.isEmpty || error.problem.isEmpty || error.remedy.isEmpty {
        Issue.record("an error without explanation")
      }
    }
  }
}

private let formats: [HostileInputTests.Format] = [
  .init(testDescription: "model.json", valid: Array(smallModel.utf8)) { bytes throws(FormatError) in
    let model = try ModelFile(bytes, path: "model.json").model
    _ = (model.graph.macs, model.graph.parameterCount, ChannelGroups(model.graph))
    _ = try ModelFile.encode(model, weights: nil, data: [:], file: "model.json")
  },
  .init(testDescription: "safetensors header", valid: smallWeights) {
    bytes throws(FormatError) in
    _ = try SafeTensors.decode(bytes, file: "w")
  },
  .init(testDescription: "ONNX", valid: (try? bytes(of: ONNXFixture.path("opset-13.onnx"))) ?? []) {
    bytes throws(FormatError) in
    guard let folder = try? TemporaryFolder(),
      let path = try? folder.write(bytes, to: "model.onnx")
    else { return }
    let model = try ModelFile.read(at: path).model
    _ = (model.graph.macs, model.graph.parameterCount, ChannelGroups(model.graph))
  },
  .init(testDescription: "IDX", valid: idx([3, 2, 2], Array(0..<12)), read: readImages),
  .init(
    testDescription: "gzipped IDX", valid: gzipped(idx([3, 2, 2], Array(0..<12))),
    read: readImages),
  .init(testDescription: "deflated IDX", valid: deflated, read: readImages),
]

private let readImages: @Sendable ([UInt8]) throws(FormatError) -> Void = {
  bytes throws(FormatError) in
  let images = try IDXFile.decode(bytes, file: "images")
  let graph: Graph
  do throws(GraphError) {
    graph = try Graph(
      input: Shape(channels: 1, height: 2, width: 2),
      declarations: [NodeDeclaration(name: "f", op: .flatten, inputs: ["input"])])
  } catch {
    throw FormatError("graph", error.description, remedy: "correct the test")
  }
  _ = try Dataset(
    images: images, labels: IDXFile.decode(idx([3], [0, 1, 2]), file: "labels"),
    of: DataSource(images: "images", labels: "labels"), for: graph)
}

private let smallModel = """
  {"format": "sculpt-model", "version": 1, "name": "small",
   "input": {"shape": [2, 9, 9], "scale": 0.5, "mean": [0.1, 0.2], "std": [1, 2e0]},
   "classes": ["a", "b\\u00e9"],
   "data": {"test": {"images": "i", "labels": "l"}},
   "nodes": [
    {"name": "c", "op": "Conv", "inputs": ["input"], "output_channels": 4, "kernel_shape": [3, 3],
     "strides": [2, 2], "pads": [1, 1, 1, 1], "dilations": [1, 1], "group": 1, "weight": "w"},
    {"name": "b", "op": "BatchNormalization", "inputs": ["c"], "epsilon": 1e-5, "scale": "s",
     "bias": "t", "mean": "m", "var": "v"},
    {"name": "d", "op": "Conv", "inputs": ["b"], "output_channels": 4, "kernel_shape": [1, 1],
     "group": 4, "weight": "x"},
    {"name": "a", "op": "Add", "inputs": ["b", "d"]},
    {"name": "p", "op": "AveragePool", "inputs": ["a"], "kernel_shape": [2, 2],
     "count_include_pad": 1},
    {"name": "f", "op": "Flatten", "inputs": ["p"]},
    {"name": "fc", "op": "Gemm", "inputs": ["f"], "output_features": 2, "weight": "y"}]}
  """

private let smallWeights: [UInt8] = {
  let header = Array(
    """
    {"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},
    "b":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},
    "c":{"dtype":"BF16","shape":[0,4],"data_offsets":[12,12]}}
    """.utf8)
  return [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header + Array(1...12)
}()
