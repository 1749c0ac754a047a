public import ModelGraph

/// A model as `model.json` or ONNX describes it, with or without its weights.
///
/// The structure is there within milliseconds; weights can be read later:
///
///     let file = try ModelFile.readStructure(at: "model.json")   // graph, shapes, MACs
///     let trained = try file.readingWeights()                    // parameters, digest
public struct ModelFile: Sendable {
  /// Where the file is.
  public let path: String
  /// The model; untrained while its weights have not been read.
  public let model: Model
  /// The path of the weights, resolved against the folder of `path`, if the file names any.
  public let weights: String?
  /// Where the splits are, paths resolved likewise.
  public let data: [Split: DataSource]
  /// SHA-256 over the bytes of `model.json` followed by those of the weights, in hexadecimal, or over
  /// those of all files of an ONNX model; nil while weights that the file names have not been read.
  public let digest: String?
  /// Whether how an image becomes the input is known: from the file, its kind of input or the user.
  public let isInputTold: Bool

  private let origin: Origin

  private enum Origin: Sendable {
    case json([UInt8])
    case onnx(ONNXModel)
  }

  /// What to do about the weights that a file names.
  public enum WeightsPolicy: Hashable, Sendable {
    /// They must be named and there.
    case required
    /// They are read if they are named and there.
    case ifPresent
    /// They are not read.
    case skip
  }

  /// The largest `model.json` that is read, in bytes.
  static let maximumSize = 1 << 26

  /// Reads a model.
  ///
  /// - Parameter output: which of its outputs is wanted, if it has several.
  /// - Throws: `FormatError`, which names the file and the node at fault.
  public static func read(
    at path: String, weights policy: WeightsPolicy = .required, output: String? = nil
  ) throws(FormatError) -> ModelFile {
    let structure = try readStructure(at: path, output: output)
    switch policy {
    case .required:
      return try structure.readingWeights()
    case .ifPresent:
      if case .json = structure.origin {
        guard let weights = structure.weights, FileBytes.exists(weights) else { return structure }
      }
      return try structure.readingWeights()
    case .skip:
      return structure
    }
  }

  /// Whether a path's name says that it is ONNX, not a `model.json`.
  package static func isONNX(_ path: String) -> Bool { path.lowercased().hasSuffix(".onnx") }

  /// What to do about images that the file does not name: only a `model.json` can name them itself.
  package func remedyForMissingData(of split: Split) -> String {
    guard case .json = origin else { return "name them by --data" }
    return
      "name them by --data, or add \"\(split.rawValue)\": {\"images\": …, \"labels\": …} to its "
      + "\"data\""
  }

  /// Whether it says where its weights are, if it needs any.
  public var namesWeights: Bool {
    if case .onnx = origin { true } else { weights != nil || !model.graph.needsParameters }
  }

  /// The names of what the model can yield.
  public var outputs: [String] {
    switch origin {
    case .json: [output]
    case .onnx(let imported): imported.outputs
    }
  }

  /// The name of what it yields.
  public var output: String {
    switch origin {
    case .json: model.graph.nodes[model.graph.output].name
    case .onnx(let imported): imported.output
    }
  }

  /// Reads everything but the weights.
  ///
  /// - Parameter output: which of its outputs is wanted, if it has several.
  /// - Throws: `FormatError`, which names the node at fault.
  public static func readStructure(
    at path: String, output: String? = nil
  ) throws(FormatError) -> ModelFile {
    if isONNX(path) { return try ModelFile(onnx: path, output: output) }
    let file = try ModelFile(FileBytes.read(path, limit: maximumSize), path: path)
    guard output == nil || output == file.output else {
      throw FormatError(
        path, "has one output, \(file.output.quoted)", remedy: "leave --output out")
    }
    return file
  }

  /// The same file with its weights.
  /// - Throws: `FormatError` when they are missing or do not fit the graph.
  public func readingWeights() throws(FormatError) -> ModelFile {
    let json: [UInt8]
    switch origin {
    case .json(let bytes): json = bytes
    case .onnx(let imported): return try readingWeights(of: imported)
    }
    guard let weights else {
      // Nothing is missing where nothing is needed.
      guard model.graph.needsParameters else { return self }
      throw FormatError(
        path, "names no weights", remedy: "add \"weights\": \"FILE.safetensors\" to it")
    }
    return try readingWeights(at: weights, json: json)
  }

  private func readingWeights(
    at weights: String, json: [UInt8]
  ) throws(FormatError) -> ModelFile {
    let graph = model.graph
    let needed = Set(graph.nodes.indices.flatMap { graph.parameters(of: $0).map(\.name) })
    let parameters = try SafeTensors.read(at: weights, only: needed)
    let remedy = "use the weights that belong to \(path)"
    guard !parameters.isEmpty || needed.isEmpty else {
      throw FormatError(weights, "holds no tensor of this model", remedy: remedy)
    }
    let digest = try Self.checked(
      SHA256.hexDigest(of: json, files: [weights]), file: path)
    do {
      let trained = try Model(
        name: model.name, graph: graph, input: model.input, classes: model.classes,
        parameters: parameters)
      return ModelFile(
        path: path, model: trained, weights: weights, data: data, digest: digest,
        isInputTold: isInputTold, origin: origin)
    } catch {
      throw FormatError(weights, error.description, remedy: remedy)
    }
  }

  private func readingWeights(of imported: ONNXModel) throws(FormatError) -> ModelFile {
    let parameters = try imported.readParameters()
    // Another output makes it another model.
    let own = imported.isUsualOutput ? [] : Array(imported.output.utf8)
    let digest = try Self.checked(
      SHA256.hexDigest(of: own, files: imported.source.files), file: path)
    do {
      let trained = try Model(
        name: model.name, graph: model.graph, input: model.input, classes: model.classes,
        parameters: parameters)
      return ModelFile(
        path: path, model: trained, weights: nil, data: data, digest: digest,
        isInputTold: isInputTold, origin: origin)
    } catch {
      throw FormatError(path, error.description, remedy: "export the model again")
    }
  }

  /// Reads the structure of an ONNX model.
  private init(onnx path: String, output: String?) throws(FormatError) {
    let imported = try ONNXModel(path, output: output)
    do {
      let metadata = imported.source.metadata
      // Names for classes are those of the usual output.
      let shape = imported.graph.nodes[imported.graph.output].shape
      let isTheirs =
        imported.isUsualOutput || shape.dimensions == [metadata.classes.count]
      let model = try Model(
        name: String(Path.name(of: path).dropLast(5)), graph: imported.graph,
        input: imported.input, classes: isTheirs ? metadata.classes : [], parameters: [:])
      self.init(
        path: path, model: model, weights: nil, data: [:], digest: nil,
        isInputTold: imported.isInputTold, origin: .onnx(imported))
    } catch {
      throw FormatError(path, error.description, remedy: "export the model again")
    }
  }

  /// The same model with another description of its input.
  /// - Throws: `FormatError` if it does not suit the input's channels.
  public func replacingInput(_ input: InputDescription) throws(FormatError) -> ModelFile {
    do {
      return ModelFile(
        path: path,
        model: try Model(
          name: model.name, graph: model.graph, input: input, classes: model.classes,
          parameters: model.parameters), weights: weights, data: data, digest: digest,
        isInputTold: true, origin: origin)
    } catch {
      throw FormatError(path, error.description, remedy: "give one value, or one a channel")
    }
  }

  /// The same model with other images for one split.
  public func replacingData(_ source: DataSource, of split: Split) -> ModelFile {
    ModelFile(
      path: path, model: model, weights: weights, data: data.merging([split: source]) { $1 },
      digest: digest, isInputTold: isInputTold, origin: origin)
  }

  private init(
    path: String, model: Model, weights: String?, data: [Split: DataSource], digest: String?,
    isInputTold: Bool, origin: Origin
  ) {
    self.path = path
    self.model = model
    self.weights = weights
    self.data = data
    self.digest = digest
    self.isInputTold = isInputTold
    self.origin = origin
  }

  private static func checked(_ digest: String?, file: String) throws(FormatError) -> String {
    guard let digest else {
      throw FormatError(
        file, "SHA-256 could not be computed", remedy: "check the installation of OpenSSL")
    }
    return digest
  }
}

extension ModelFile {
  /// The version of the format.
  static let version = 1
  /// What the file says it is.
  static let format = "sculpt-model"

  /// Decodes the bytes of a `model.json`; `path` is for messages and relative paths.
  package init(_ json: [UInt8], path: String) throws(FormatError) {
    var top = try ObjectReader(
      JSONParser.parse(json[...], file: path), file: path, place: "the model")
    try Self.checkVersion(&top)
    let folder = Path.folder(of: path)
    let name = try top.string("name").printable
    let (shape, input) = try Self.input(&top)
    let classes = top.has("classes") ? try top.strings("classes") : []
    let weights = try top.optionalString("weights").map { Path.resolve($0, against: folder) }
    let data = try Self.data(&top, folder: folder)
    let declarations = try Self.nodes(&top, file: path)
    try top.finish()
    let model: Model
    do {
      model = try Model(
        name: name, graph: Graph(input: shape, declarations: declarations), input: input,
        classes: classes, parameters: [:])
    } catch {
      throw FormatError(path, error.description, remedy: "correct that node in the file")
    }
    self.init(
      path: path, model: model, weights: weights, data: data,
      digest: weights == nil
        ? try Self.checked(SHA256.hexDigest(of: json, files: []), file: path) : nil,
      isInputTold: true, origin: .json(json))
  }

  private static func checkVersion(_ top: inout ObjectReader) throws(FormatError) {
    let found = try top.string("format")
    guard found == format else {
      throw top.error(
        "its format is \(found.quoted), not '\(format)'", remedy: "name a model.json of Sculpt")
    }
    let number = try top.integer("version")
    guard number == version else {
      throw top.error(
        "its format has version \(number), this program reads version \(version)",
        remedy: number > version ? "update the program" : "export the model again")
    }
  }

  private static func input(
    _ top: inout ObjectReader
  ) throws(FormatError) -> (Shape, InputDescription) {
    guard var reader = try top.object("input", place: "the input") else {
      throw top.error("'input' is missing", remedy: "add it to the file")
    }
    let shape = Shape(try reader.integers("shape"))
    let input = try InputDescription(&reader)
    try reader.finish()
    return (shape, input)
  }

  private static func data(
    _ top: inout ObjectReader, folder: String
  ) throws(FormatError) -> [Split: DataSource] {
    guard var reader = try top.object("data", place: "the data") else { return [:] }
    var sources: [Split: DataSource] = [:]
    for split in Split.allCases {
      let name = split.rawValue
      guard var source = try reader.object(name, place: "the \(name) data") else { continue }
      sources[split] = try DataSource(&source)
        .mappingPaths { Path.resolve($0, against: folder) }
    }
    try reader.finish()
    return sources
  }

  private static func nodes(
    _ top: inout ObjectReader, file: String
  ) throws(FormatError) -> [NodeDeclaration] {
    let value = try top.required("nodes")
    guard case .array(let elements) = value else {
      throw top.error("'nodes' must be an array, it is \(value.kind)")
    }
    var declarations: [NodeDeclaration] = []
    for (index, element) in elements.enumerated() {
      var anonymous = try ObjectReader(element, file: file, place: "node \(index + 1)")
      // Names that could steer a terminal are never printed.
      let name = try anonymous.string("name").printable
      var node = try ObjectReader(element, file: file, place: "node \(name.quoted)")
      _ = node.optional("name")
      let kind = try node.string("op")
      let inputs = try node.strings("inputs").map(\.printable)
      let op = try Operator(kind, reading: &node)
      try node.finish()
      declarations.append(NodeDeclaration(name: name, op: op, inputs: inputs))
    }
    return declarations
  }
}
