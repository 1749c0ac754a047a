import Formats
import ModelGraph
import TestSupport
import Testing

@Suite struct ModelFileTests {
  private func decode(_ json: String) throws(FormatError) -> ModelFile {
    try ModelFile(Array(json.utf8), path: "models/model.json")
  }

  private func expectError(_ json: String, _ hints: String...) {
    #expect {
      try decode(json)
    } throws: { error in
      guard let error = error as? FormatError else { return false }
      for hint in hints { #expect(error.description.contains(hint)) }
      return error.file == "models/model.json"
    }
  }

  @Test func leastModel() throws {
    let file = try decode(model())
    #expect(file.model.name == "m")
    #expect(file.model.input == InputDescription())
    #expect(file.model.classes.isEmpty)
    #expect(file.weights == nil)
    #expect(file.data.isEmpty)
    #expect(file.digest == SHA256.hexDigest(of: [Array(model().utf8)]))
  }

  @Test func defaultsAreONNXs() throws {
    let file = try decode(
      model(
        nodes: """
          {"name": "c", "op": "Conv", "inputs": ["input"], "output_channels": 4,
           "kernel_shape": [3, 3], "weight": "c.weight"},
          {"name": "b", "op": "BatchNormalization", "inputs": ["c"], "scale": "s", "bias": "t",
           "mean": "m", "var": "v"},
          {"name": "p", "op": "AveragePool", "inputs": ["b"], "kernel_shape": [2, 3],
           "count_include_pad": 1}
          """))
    let ops = file.model.graph.nodes.dropFirst().map(\.op)
    #expect(
      ops == [
        .convolution(
          Convolution(outputChannels: 4, kernel: Extent(3, 3), weight: "c.weight")),
        .batchNormalization(
          BatchNormalization(scale: "s", bias: "t", mean: "m", variance: "v", epsilon: 1e-5)),
        .averagePool(Pooling(kernel: Extent(2, 3), strides: .one, countsPads: true)),
      ])
  }

  @Test func pathsAreSeenFromTheFolder() throws {
    let file = try decode(
      model(
        extra: """
          "weights": "w.safetensors",
          "data": {"test": {"images": "../data/i", "labels": "/abs/l"}},
          """))
    #expect(file.weights == "models/w.safetensors")
    #expect(file.data == [.test: DataSource(images: "models/../data/i", labels: "/abs/l")])
    #expect(file.digest == nil)
  }

  @Test(arguments: [
    (model(format: "onnx"), "format is 'onnx'"),
    (model(version: "2"), "version 2"),
    (model(version: "\"1\""), "'version' must be a whole number"),
    (model(extra: "\"wieghts\": \"w\","), "'wieghts' means nothing"),
    (model(extra: "\"weights\": 1,"), "'weights' must be a string"),
    (model(extra: "\"classes\": [\"a\", 2],"), "'classes' must be a string"),
    (model(extra: "\"classes\": [\"a\"],"), "1 classes"),
    (model(extra: "\"data\": {\"dev\": {}},"), "'dev' means nothing"),
    (model(extra: "\"data\": {\"test\": {\"images\": \"i\"}},"), "'labels' is missing"),
    (model(input: "{}"), "'shape' is missing"),
    (model(input: "{\"shape\": []}"), "no axes"),
    (model(input: "{\"shape\": [1, 8, -8]}"), "extent"),
    (model(input: "{\"shape\": [1, 8, 8], \"std\": [0]}"), "'std' must be positive"),
    (model(input: "{\"shape\": [1, 8, 8], \"mean\": [0, 0]}"), "mean and std"),
    (model(input: "{\"shape\": [1, 8, 8], \"scale\": 1e99}"), "finite"),
    ("[]", "must be an object"),
    ("{}", "'format' is missing"),
    ("", "not valid JSON"),
  ])
  func faultsOfTheModel(json: String, hint: String) {
    expectError(json, hint)
  }

  @Test(arguments: [
    (#""op": "Einsum""#, "'Einsum' is not supported"),
    (#""op": 3"#, "'op' must be a string"),
    (#""op": "Relu", "alpha": 1"#, "'alpha' means nothing"),
    (#""op": "Relu", "inputs": "input""#, "'inputs' must be an array"),
    (#""op": "Relu", "inputs": []"#, "reads 1 inputs, 0 given"),
    (#""op": "Relu", "inputs": ["x"]"#, "'x'"),
    (#""op": "Conv", "kernel_shape": [3, 3], "weight": "w""#, "'output_channels' is missing"),
    (#""op": "Conv", "output_channels": 2, "weight": "w""#, "'kernel_shape' is missing"),
    (#""op": "Conv", "output_channels": 2, "kernel_shape": [3, 3]"#, "'weight' is missing"),
    (conv("\"kernel_shape\": [3]"), "must have 2 values, it has 1"),
    (conv("\"kernel_shape\": 3"), "must be an array"),
    (conv("\"kernel_shape\": [3, 3], \"pads\": [1, 1]"), "must have 4 values"),
    (conv("\"kernel_shape\": [3, 3], \"strides\": [1.5, 1]"), "whole number"),
    (conv("\"kernel_shape\": [3, 3], \"stride\": [1, 1]"), "'stride' means nothing"),
    (conv("\"kernel_shape\": [3, 3], \"auto_pad\": \"SAME_UPPER\""), "'auto_pad'"),
    (conv("\"kernel_shape\": [3, 3], \"group\": 3"), "groups"),
    (conv("\"kernel_shape\": [3, 3], \"bias\": null"), "'bias' must be a string, it is null"),
    (conv("\"kernel_shape\": [9223372036854775807, 3]"), "kernel"),
    (conv("\"kernel_shape\": [9223372036854775808, 3]"), "whole number"),
    (
      #""op": "AveragePool", "kernel_shape": [2, 2], "count_include_pad": 2"#, "must be 0 or 1"
    ),
    (#""op": "MaxPool", "kernel_shape": [2, 2], "count_include_pad": 1"#, "means nothing"),
    (
      #""op": "BatchNormalization", "scale": "s", "bias": "b", "mean": "m", "var": "v", "epsilon": -1"#,
      "'epsilon' must not be negative"
    ),
    (#""op": "Softmax", "axis": 3"#, "axis 3"),
  ])
  func faultsOfANodeNameIt(attributes: String, hint: String) {
    let inputs = attributes.contains("\"inputs\"") ? "" : "\"inputs\": [\"input\"], "
    expectError(model(nodes: "{\"name\": \"culprit\", \(inputs)\(attributes)}"), "'culprit'", hint)
  }

  @Test func aNodeWithoutNameIsCounted() {
    expectError(model(nodes: #"{"op": "Relu", "inputs": ["input"]}"#), "node 1", "'name'")
  }

  @Test func aNetworkWithoutParametersLacksNone() throws {
    let folder = try TemporaryFolder()
    let file = try ModelFile.read(at: folder.write(Array(model().utf8), to: "model.json"))
    #expect(file.model.isTrained && file.digest != nil)
    try ModelFile.write(file.model, to: folder["copy.json"])
    #expect(try ModelFile.read(at: folder["copy.json"]).model.graph == file.model.graph)
  }

  @Test func namesThatSteerTerminalsAreEscaped() throws {
    let node = #"{"name": "a\u001b[2J\u202e", "op": "Relu", "inputs": ["input"]}"#
    let graph = try decode(model(nodes: node)).model.graph
    #expect(graph.nodes[1].name == "a\\u{1B}[2J\\u{202E}")
  }

  @Test func weightsPolicies() throws {
    let folder = try TemporaryFolder()
    let nodes = """
      {"name": "c", "op": "Conv", "inputs": ["input"], "output_channels": 4,
       "kernel_shape": [3, 3], "weight": "c.weight"}
      """
    let path = try folder.write(
      Array(model(extra: "\"weights\": \"w\",", nodes: nodes).utf8), to: "model.json")
    #expect(try !ModelFile.read(at: path, weights: .skip).model.isTrained)
    #expect(try !ModelFile.read(at: path, weights: .ifPresent).model.isTrained)
    #expect {
      try ModelFile.read(at: path)
    } throws: { error in
      (error as? FormatError)?.file == folder["w"]
    }
    let bare = try folder.write(Array(model(nodes: nodes).utf8), to: "bare.json")
    #expect(try ModelFile.read(at: bare, weights: .ifPresent).digest != nil)
    #expect {
      try ModelFile.read(at: bare)
    } throws: { error in
      "\(error)".contains("names no weights")
    }
  }

  @Test func weightsOfAnotherModel() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      Array(model(extra: "\"weights\": \"w\",", nodes: everyOperator).utf8), to: "model.json")
    try SafeTensors.write(["other": Parameter(shape: [1], values: [1])], to: folder["w"])
    #expect {
      try ModelFile.read(at: path)
    } throws: { error in
      "\(error)".contains("holds no tensor of this model")
    }
    try SafeTensors.write(
      ["c.weight": Parameter(shape: [1], values: [1])], to: folder["w"], replacing: true)
    #expect {
      try ModelFile.read(at: path)
    } throws: { error in
      "\(error)".contains("node 'c'") && (error as? FormatError)?.file == folder["w"]
    }
  }

  @Test func readsWhatItWrote() throws {
    let folder = try TemporaryFolder()
    let structure = try decode(
      model(
        extra: #""classes": ["a\n\"", "b", "c"],"#,
        input: #"{"shape": [2, 8, 8], "scale": 0.1, "mean": [0.3, 1e-30], "std": [0.7, 3]}"#,
        nodes: everyOperator)
    ).model
    var generator = SplitMix(state: 7)
    var parameters: [String: Parameter] = [:]
    for index in structure.graph.nodes.indices {
      for needed in structure.graph.parameters(of: index) {
        let values = (0..<needed.count).map { _ in Float.random(in: -1...1, using: &generator) }
        parameters[needed.name] = Parameter(shape: needed.shape, values: values)
      }
    }
    let model = try Model(
      name: structure.name, graph: structure.graph, input: structure.input,
      classes: structure.classes, parameters: parameters)
    let data = [Split.test: DataSource(images: folder["data/i"], labels: "/elsewhere/l")]
    let path = folder["model.json"]
    try ModelFile.write(model, to: path, data: data)
    #expect(try folder.contents() == ["model.json", "weights.safetensors"])

    let read = try ModelFile.read(at: path)
    #expect(read.model.name == model.name)
    #expect(read.model.graph == model.graph)
    #expect(read.model.input == model.input)
    #expect(read.model.classes == model.classes)
    #expect(read.model.parameters == parameters)
    #expect(read.data == data)
    #expect(read.weights == folder["weights.safetensors"])
    #expect(read.digest?.count == 64)
    let text = try String(decoding: bytes(of: path), as: UTF8.self)
    #expect(text.contains("\"images\": \"data/i\""))

    #expect(throws: FormatError.self) { try ModelFile.write(structure, to: path) }
    #expect(try bytes(of: path) == Array(text.utf8))
    try ModelFile.write(model, to: path, data: data, replacing: true)
    #expect(try ModelFile.read(at: path).digest == read.digest)
    #expect(try folder.contents() == ["model.json", "weights.safetensors"])
  }

  /// Weights in the way must leave no model.json that names them.
  @Test func writesBothFilesOrNone() throws {
    let folder = try TemporaryFolder()
    let sample = try ModelFile.read(at: SampleFolder.model).model
    _ = try folder.write([1], to: "weights.safetensors")
    #expect(throws: FormatError.self) {
      try ModelFile.write(sample, to: folder["model.json"])
    }
    #expect(throws: FormatError.self) {
      try ModelFile.write(sample, to: folder["model.json"], weights: folder["none/w"])
    }
    #expect(try folder.contents() == ["weights.safetensors"])
  }
}

/// A model.json whose parts can be replaced.
private func model(
  format: String = "sculpt-model", version: String = "1", extra: String = "",
  input: String = "{\"shape\": [1, 8, 8]}",
  nodes: String = #"{"name": "r", "op": "Relu", "inputs": ["input"]}"#
) -> String {
  """
  {"format": "\(format)", "version": \(version), "name": "m", \(extra)
   "input": \(input), "nodes": [\(nodes)]}
  """
}

private func conv(_ attributes: String) -> String {
  #""op": "Conv", "output_channels": 2, "weight": "w", \#(attributes)"#
}

/// Every operator with attributes other than the defaults, three logits.
private let everyOperator = """
  {"name": "c", "op": "Conv", "inputs": ["input"], "output_channels": 4, "kernel_shape": [3, 2],
   "strides": [2, 1], "pads": [1, 0, 2, 1], "dilations": [1, 2], "group": 1, "weight": "c.weight",
   "bias": "c.bias"},
  {"name": "b", "op": "BatchNormalization", "inputs": ["c"], "scale": "b.weight", "bias": "b.bias",
   "mean": "b.running_mean", "var": "b.running_var", "epsilon": 0.001},
  {"name": "r", "op": "Relu", "inputs": ["b"]},
  {"name": "d", "op": "Conv", "inputs": ["r"], "output_channels": 4, "kernel_shape": [1, 1],
   "group": 4, "weight": "d.weight"},
  {"name": "s", "op": "Add", "inputs": ["d", "r"]},
  {"name": "m", "op": "MaxPool", "inputs": ["s"], "kernel_shape": [2, 2], "pads": [1, 1, 0, 0]},
  {"name": "a", "op": "AveragePool", "inputs": ["m"], "kernel_shape": [2, 2], "strides": [2, 2],
   "count_include_pad": true},
  {"name": "g", "op": "GlobalAveragePool", "inputs": ["a"]},
  {"name": "f", "op": "Flatten", "inputs": ["g"]},
  {"name": "fc", "op": "Gemm", "inputs": ["f"], "output_features": 3, "weight": "fc.weight"}
  """
