import Engine
import Formats
import Foundation
import ModelGraph
import Patterns
import Search
import TestSupport

/// A small trained-looking model on the bench: its labels are its own dense predictions.
enum SmallBench {
  static func make(library: PatternLibrary = .standard) throws -> Workbench {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) {
      try Workbench(modelAt: write(to: folder), library: library, threads: 2)
    }
  }

  /// Writes the model with its images; returns the path of its file.
  static func write(to folder: TemporaryFolder) throws -> String {
    let folder = URL(filePath: folder.path)
    var generator = SmallNetwork.Generator(state: 3)
    func conv(_ name: String, _ input: String, _ outputs: Int) -> NodeDeclaration {
      NodeDeclaration(
        name: name,
        op: .convolution(
          Convolution(
            outputChannels: outputs, kernel: Extent(3, 3),
            pads: Pads(top: 1, left: 1, bottom: 1, right: 1), weight: "\(name).weight")),
        inputs: [input])
    }
    let graph = try Graph(
      input: Shape(channels: 1, height: 8, width: 8),
      declarations: [
        conv("a", "input", 16), .init(name: "ra", op: .relu, inputs: ["a"]),
        conv("b", "ra", 16), .init(name: "rb", op: .relu, inputs: ["b"]),
        conv("c", "rb", 16), .init(name: "sum", op: .add, inputs: ["c", "ra"]),
        .init(name: "pool", op: .globalAveragePool, inputs: ["sum"]),
        .init(name: "flat", op: .flatten, inputs: ["pool"]),
        .init(
          name: "fc", op: .linear(Linear(outputFeatures: 4, weight: "fc.weight", bias: "fc.bias")),
          inputs: ["flat"]),
      ])
    var parameters: [String: Parameter] = [:]
    for index in graph.nodes.indices {
      for declaration in graph.parameters(of: index) {
        parameters[declaration.name] = Parameter(
          shape: declaration.shape,
          values: (0..<declaration.count).map { _ in Float.random(in: -1...1, using: &generator) })
      }
    }
    var model = try Model(
      name: "bench", graph: graph, input: InputDescription(), classes: [], parameters: parameters)
    let count = 64
    let images = (0..<count * 64).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let blank = Dataset(
      images: images, labels: [Int32](repeating: 0, count: count), shape: graph.inputShape)
    // Without this bias nearly all images would be of one class.
    let raw = Evaluator(blank).outputs(of: try Program(model)) ?? []
    for label in 0..<4 {
      let mean = (0..<count).reduce(Float(0)) { $0 + raw[$1 * 4 + label] } / Float(count)
      parameters["fc.bias"]?.values[label] -= mean
    }
    model = model.replacing(parameters)
    let outputs = Evaluator(blank).outputs(of: try Program(model)) ?? []
    let labels = (0..<count).map { row in
      UInt8((0..<4).max { outputs[row * 4 + $0] < outputs[row * 4 + $1] } ?? 0)
    }
    func idx(_ dimensions: [Int], _ bytes: [UInt8]) -> Data {
      var data = Data([0, 0, 8, UInt8(dimensions.count)])
      for extent in dimensions { data += [0, 0, 0, UInt8(extent)] }
      return data + bytes
    }
    let imagesPath = folder.appending(path: "images"), labelsPath = folder.appending(path: "labels")
    try idx([count, 8, 8], images).write(to: imagesPath)
    try idx([count], labels).write(to: labelsPath)
    let path = folder.appending(path: "model.json").path()
    try ModelFile.write(
      model, to: path,
      data: [.validation: DataSource(images: imagesPath.path(), labels: labelsPath.path())])
    return path
  }
}
