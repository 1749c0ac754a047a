import Formats
import Foundation
import ModelGraph
import Tensors
import Testing
import Training

@testable import Patterns
@testable import Pruning

@Suite struct TaylorGradientTests {
  /// A convolution with a batch norm, one with a bias, and a linear layer; random weights.
  private func network() throws -> Model {
    func conv(_ name: String, _ input: String, _ outputs: Int, bias: String?) -> NodeDeclaration {
      NodeDeclaration(
        name: name,
        op: .convolution(
          Convolution(
            outputChannels: outputs, kernel: Extent(3, 3),
            pads: Pads(top: 1, left: 1, bottom: 1, right: 1), weight: "\(name).weight", bias: bias)),
        inputs: [input])
    }
    let norm = BatchNormalization(scale: "s", bias: "b", mean: "m", variance: "v", epsilon: 1e-5)
    let graph = try Graph(
      input: Shape(channels: 1, height: 6, width: 6),
      declarations: [
        conv("one", "input", 6, bias: nil),
        .init(name: "norm", op: .batchNormalization(norm), inputs: ["one"]),
        .init(name: "relu", op: .relu, inputs: ["norm"]),
        conv("two", "relu", 4, bias: "two.bias"),
        .init(name: "pool", op: .globalAveragePool, inputs: ["two"]),
        .init(name: "flat", op: .flatten, inputs: ["pool"]),
        .init(
          name: "fc", op: .linear(Linear(outputFeatures: 3, weight: "fc.weight")), inputs: ["flat"]),
      ])
    var generator = SeededGenerator(seed: 5)
    var parameters: [String: Parameter] = [:]
    for index in graph.nodes.indices {
      for declaration in graph.parameters(of: index) {
        let values = (0..<declaration.count).map { _ in Float(generator.normal()) }
        parameters[declaration.name] = Parameter(
          shape: declaration.shape,
          values: declaration.name == "v" ? values.map { 1 + abs($0) } : values)
      }
    }
    return try Model(
      name: "small", graph: graph, input: InputDescription(), classes: [], parameters: parameters)
  }

  /// Against central differences of the loss in a factor on each filter's output.
  @Test(arguments: [1, 3])
  func channelsMatterAsMuchAsTheLossSaysTheyDo(threads: Int) throws {
    let model = try network()
    var generator = SeededGenerator(seed: 9)
    let image = (0..<36).map { _ in UInt8(generator.index(below: 256)) }
    let dataset = Dataset(images: image, labels: [0], shape: model.graph.inputShape)
    let importance = try TaylorImportance(model, images: dataset, threads: threads)
    let images = TrainingSet(dataset, input: model.input).images(at: 0..<1)

    func loss(_ label: Int, _ scaled: [(name: String, row: Int)], by factor: Float) throws -> Double
    {
      var parameters = model.parameters
      for (name, row) in scaled {
        guard let length = parameters[name].map({ $0.values.count / $0.shape[0] }) else { continue }
        for place in row * length..<(row + 1) * length { parameters[name]?.values[place] *= factor }
      }
      let logits = try TrainableNetwork(model.replacing(parameters))
        .logits(images, threads: 1).scalars.map(Double.init)
      let largest = logits.max() ?? 0
      return log(logits.reduce(0) { $0 + exp($1 - largest) }) + largest - logits[label]
    }
    func expected(_ label: Int, _ names: [String], _ filters: Int) throws -> [Double] {
      try (0..<filters).map { filter in
        let scaled = names.map { (name: $0, row: filter) }
        let step: Float = 1e-2
        let slope = try loss(label, scaled, by: 1 + step) - loss(label, scaled, by: 1 - step)
        return (slope / (2 * Double(step))) * (slope / (2 * Double(step)))
      }
    }
    let groups = ChannelGroups(model.graph)
    /// Whether the importances of what `node` makes are those for that label.
    func agrees(_ label: Int, node: String, _ names: [String]) throws -> Bool {
      let node = try #require(model.graph.index(of: node))
      let number = try #require(groups.groups.firstIndex { $0.producers.contains(node) })
      let seen = importance.channels(ofGroup: number, groups).map(Double.init)
      let slopes = try expected(label, names, seen.count)
      let scale = slopes.max() ?? 0
      return zip(seen, slopes).allSatisfy { abs($0 - $1) <= 0.03 * scale + 1e-6 }
    }
    // The label was drawn: it is one of the three, the same for both layers.
    let fitting = try (0..<3).filter { label in
      let first = try agrees(label, node: "one", ["s", "b"])
      let second = try agrees(label, node: "two", ["two.weight", "two.bias"])
      return first && second
    }
    #expect(fitting.count == 1)
  }
}
