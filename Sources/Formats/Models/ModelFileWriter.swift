internal import Foundation
public import ModelGraph

extension ModelFile {
  /// Writes `model` to `path` and its parameters, if it has any, to `weights` beside it; as ONNX if the
  /// path ends with `.onnx`, as a module of PyTorch if it ends with `.py`.
  ///
  /// An ONNX file holds the weights itself, beyond 2 GiB in a file called like it with `.data` at the end; its
  /// batch is open, input and output are called `input` and `output`. It has no place for `data`.
  /// Convolutions whose taps are zero in every filter are there one smaller convolution or the sum of two.
  ///
  /// A module of PyTorch has its weights, called as here, in a file called like it with `.safetensors` at the end.
  ///
  /// Both files are complete on the disk before either gets its name. `weights` and the paths in
  /// `data` are seen from the working directory; in the file, those inside the model's folder are
  /// relative. Without `weights` the parameters go to `weights.safetensors` in the same folder.
  /// - Throws: `FormatError` when a file cannot be written, or exists and may not be replaced; for ONNX and PyTorch
  ///   also if the model is not trained or has an operator that cannot be computed.
  public static func write(
    _ model: Model, to path: String, weights: String? = nil, data: [Split: DataSource] = [:],
    replacing: Bool = false
  ) throws(FormatError) {
    switch ModelFormat(ofFileAt: path) {
    case .onnx: return try writeONNX(model, to: path, replacing: replacing)
    case .pytorch: return try writePyTorch(model, to: path, replacing: replacing)
    case .sculpt, nil: break
    }
    let folder = Path.folder(of: path)
    let weightsPath = weights ?? Path.resolve("weights.safetensors", against: folder)
    if !replacing {
      try AtomicFile.refuseExisting(path)
      if model.isTrained { try AtomicFile.refuseExisting(weightsPath) }
    }
    let json = try encode(
      model, weights: model.isTrained ? Path.reference(to: weightsPath, from: folder) : nil,
      data: data.mapValues { source in
        source.mappingPaths { Path.reference(to: $0, from: folder) }
      }, file: path)
    let structure = try AtomicFile(staging: json, for: path)
    try structure.commit(replacing: replacing) { () throws(FormatError) in
      if model.isTrained {
        try SafeTensors.write(model.parameters, to: weightsPath, replacing: replacing)
      }
    }
  }

  /// Makes the folder that a model is to be written into, and those around it.
  package static func makeFolder(at path: String) throws(FormatError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FormatError(path, "cannot be made a folder", remedy: "name another one")
    }
  }

  /// The bytes of a `model.json`; `weights` and the paths in `data` are written as they are.
  package static func encode(
    _ model: Model, weights: String?, data: [Split: DataSource], file: String
  ) throws(FormatError) -> [UInt8] {
    try checkNumbers(of: model, file: file)
    var members: [JSONValue.Member] = [
      .init("format", .string(format)),
      .init("version", .integer(version)),
      .init("name", .string(model.name)),
      .init(
        "input",
        .object(
          [.init("shape", .array(model.graph.inputShape.dimensions.map(JSONValue.integer)))]
            + model.input.members)),
      .init("classes", .array(model.classes.map(JSONValue.string))),
    ]
    if let weights { members.append(.init("weights", .string(weights))) }
    let sources = Split.allCases.compactMap { split in
      data[split].map { JSONValue.Member(split.rawValue, $0.json) }
    }
    if !sources.isEmpty { members.append(.init("data", .object(sources))) }
    let nodes = model.graph.declarations.map { node in
      JSONValue.object(
        [
          .init("name", .string(node.name)),
          .init("op", .string(node.op.fileName)),
          .init("inputs", .array(node.inputs.map(JSONValue.string))),
        ] + node.op.attributes)
    }
    members.append(.init("nodes", .array(nodes)))
    return Array(JSONValue.object(members).rendered().utf8)
  }

  /// JSON holds finite numbers only; parameters are finite in every model.
  static func checkNumbers(of model: Model, file: String) throws(FormatError) {
    let input = model.input
    var floats = [input.scale] + input.mean + input.deviation
    for case .batchNormalization(let norm) in model.graph.nodes.map(\.op) {
      floats.append(norm.epsilon)
    }
    guard floats.allSatisfy(\.isFinite) else {
      throw FormatError(
        file, "the model has a scale, mean, std or epsilon that is not finite",
        remedy: "correct it before writing")
    }
  }
}
