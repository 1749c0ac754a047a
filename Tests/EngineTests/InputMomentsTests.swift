import Engine
import Formats
import LinearAlgebra
import ModelGraph
import TestSupport
import Testing

/// Against the definition: im2col of the reference network's activations, in double precision.
@Suite struct InputMomentsTests {
  let model: Model
  let dataset: Dataset

  init() throws {
    var random = RandomModel(seed: 3)
    model = try random.model(
      input: Shape(channels: 3, height: 9, width: 11),
      [
        .conv(
          "stem", "input", 12, strides: Extent(2, 1),
          pads: Pads(top: 0, left: 2, bottom: 1, right: 1), bias: true),
        .norm("stem.bn", "stem"), .node("stem.relu", .relu, "stem.bn"),
        .conv(
          "dilated", "stem.relu", 18, pads: Pads(top: 2, left: 2, bottom: 2, right: 2),
          dilations: Extent(2, 2)),
        .node("dilated.relu", .relu, "dilated"),
        .conv("depthwise", "dilated.relu", 18, groups: 18),
        .conv("grouped", "depthwise", 12, groups: 3),
        .conv("pointwise", "grouped", 12, kernel: .one, pads: .none),
        .node("sum", .add, "pointwise", "stem.relu"),
        .node(
          "pool", .maxPool(Pooling(kernel: Extent(2, 2), strides: Extent(2, 2))), "sum"),
        .node("flat", .flatten, "pool"),
        .node("fc", .linear(Linear(outputFeatures: 7, weight: "fc.weight")), "flat"),
        .node("fc2", .linear(Linear(outputFeatures: 4, weight: "fc2.weight")), "fc"),
      ])
    let images = 21
    dataset = Dataset(
      images: random.bytes(images * model.graph.inputShape.count),
      labels: [Int32](repeating: 0, count: images), shape: model.graph.inputShape)
  }

  @Test(arguments: [
    "stem", "dilated", "depthwise", "grouped", "pointwise", "fc", "fc2",
  ])
  func momentsAreThoseOfIm2col(name: String) throws {
    let node = try #require(model.graph.index(of: name))
    let found = try #require(
      try Calibration(dataset, images: 30).inputMoments(of: model, threads: 2)?[node])
    let rows = try im2col(node)
    let groups = found.covariances.count
    #expect(rows[0].count == groups * found.features)
    let width = groups * found.features
    let mean = (0..<width).map { column in
      rows.reduce(0) { $0 + $1[column] } / Double(rows.count)
    }
    let scale = rows.joined().reduce(1) { max($0, $1 * $1) }
    for column in 0..<width { #expect(abs(mean[column] - found.mean[column]) < 1e-5 * scale) }
    for group in 0..<groups {
      let own = group * found.features..<(group + 1) * found.features
      var wanted = [Double](repeating: 0, count: own.count * own.count)
      for row in rows {
        let centred = own.map { row[$0] - mean[$0] }
        for first in centred.indices {
          for second in centred.indices {
            wanted[first * own.count + second] += centred[first] * centred[second]
          }
        }
      }
      let errors = zip(wanted, found.covariances[group].values).map {
        abs($0 / Double(rows.count) - $1)
      }
      #expect((errors.max() ?? 1) < 1e-5 * scale)
    }
  }

  @Test func threadsHaveNoInfluence() throws {
    let calibration = Calibration(dataset)
    let one = try #require(try calibration.inputMoments(of: model, threads: 1))
    let three = try #require(try calibration.inputMoments(of: model, threads: 3))
    #expect(one.mapValues(\.covariances) == three.mapValues(\.covariances))
  }

  /// The inputs of every output pixel of a layer, features as its weight has them, group by group.
  private func im2col(_ node: Int) throws -> [[Double]] {
    let graph = model.graph
    let source = graph.nodes[node].inputs[0]
    let shape = graph.nodes[source].shape
    let output = graph.nodes[node].shape
    let conv: Convolution
    if case .convolution(let own) = graph.nodes[node].op {
      conv = own
    } else {
      conv = Convolution(outputChannels: output.count, kernel: .one, weight: "")
    }
    return try (0..<dataset.count).flatMap { image -> [[Double]] in
      let values = try activation(of: source, image)
      return (0..<output.height * output.width).map { pixel -> [Double] in
        (0..<shape.channels * conv.kernel.area).map { feature -> Double in
          let (channel, tap) = feature.quotientAndRemainder(dividingBy: conv.kernel.area)
          let (row, column) = pixel.quotientAndRemainder(dividingBy: output.width)
          let (tapRow, tapColumn) = tap.quotientAndRemainder(dividingBy: conv.kernel.width)
          let y = row * conv.strides.height + tapRow * conv.dilations.height - conv.pads.top
          let x = column * conv.strides.width + tapColumn * conv.dilations.width - conv.pads.left
          guard (0..<shape.height).contains(y), (0..<shape.width).contains(x) else { return 0 }
          return values[(channel * shape.height + y) * shape.width + x]
        }
      }
    }
  }

  /// What a node yields for an image: the output of the network that ends there.
  private func activation(of node: Int, _ image: Int) throws -> [Double] {
    guard case .bytes(let bytes) = dataset.pixels else { return [] }
    let size = model.graph.inputShape.count
    let input = Array(bytes[image * size..<(image + 1) * size])
    if node == 0 {
      return input.map { (Double($0) * Double(Float(1) / 255) - 0.5) / 0.25 }
    }
    var needed: Set<Int> = [node]
    for index in model.graph.nodes.indices.reversed() where needed.contains(index) {
      needed.formUnion(model.graph.nodes[index].inputs)
    }
    let declarations = needed.sorted().dropFirst().map { model.graph.declarations[$0 - 1] }
    let part = try Model(
      name: "part", graph: Graph(input: model.graph.inputShape, declarations: declarations),
      input: model.input, classes: [], parameters: model.parameters)
    return ReferenceNetwork(part).output(for: input)
  }
}
