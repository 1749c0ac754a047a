import Engine
import Formats
import Kernels
import ModelGraph
import Testing
import Threads

@Suite struct ConvolutionTests {
  @Test(arguments: InstructionSet.allCases.filter(\.isAvailable), 0..<60)
  func randomShapesEqualTheReference(set: InstructionSet, seed: Int) throws {
    var random = RandomModel(seed: UInt64(seed))
    let kernel = Extent(random.integer(1...5), random.integer(1...5))
    let dilations = Extent(random.integer(1...2), random.integer(1...2))
    func pad(_ random: inout RandomModel, _ extent: Int) -> Int { random.integer(0...extent) }
    let pads = Pads(
      top: pad(&random, kernel.height), left: pad(&random, kernel.width),
      bottom: pad(&random, kernel.height), right: pad(&random, kernel.width))
    let strides = Extent(random.integer(1...3), random.integer(1...3))
    let groups = [1, 1, 1, 2, 3][random.integer(0...4)]
    let channels = groups * random.integer(1...20)
    let outputs = groups * random.integer(1...20)
    let input = Shape(
      channels: channels, height: (kernel.height - 1) * dilations.height + random.integer(1...9),
      width: (kernel.width - 1) * dilations.width + random.integer(1...9))
    let model = try random.model(
      input: input,
      [
        .conv(
          "conv", "input", outputs, kernel: kernel, strides: strides, pads: pads,
          dilations: dilations, groups: groups, bias: seed.isMultiple(of: 2))
      ], zeros: Double(seed % 4) / 4)
    try expectReference(model, images: 1 + seed % 4, imagesPerPass: 1 + seed % 3, set)
  }

  @Test func depthwiseWithMultiplierEqualsTheReference() throws {
    var random = RandomModel(seed: 5)
    let model = try random.model(
      input: Shape(channels: 12, height: 7, width: 5),
      [.conv("a", "input", 12, groups: 12), .conv("b", "a", 24, groups: 12)])
    try expectReference(model)
  }

  @Test func manyTilesAreSplitIntoChunks() throws {
    var random = RandomModel(seed: 6)
    let model = try random.model(
      input: Shape(channels: 100, height: 4, width: 4),
      [
        .conv("a", "input", 100), .conv("b", "a", 100), .node("sum", .add, "b", "input"),
        .node("relu", .relu, "sum"),
      ])
    try expectReference(model, images: 2)
  }

  @Test func filtersWithoutWeightsYieldTheirBias() throws {
    var random = RandomModel(seed: 7)
    let model = try random.model(
      input: Shape(channels: 3, height: 4, width: 4), [.conv("a", "input", 9, bias: true)],
      zeros: 1)
    try expectReference(model, images: 1)
  }
}

@Suite struct NetworkTests {
  @Test func residualBlocksAreFused() throws {
    var random = RandomModel(seed: 1)
    let model = try random.model(
      input: Shape(channels: 1, height: 9, width: 8),
      [
        .conv("conv1", "input", 12), .norm("bn1", "conv1"), .node("relu1", .relu, "bn1"),
        .conv("conv2", "relu1", 12), .norm("bn2", "conv2"), .node("sum", .add, "bn2", "relu1"),
        .node("relu2", .relu, "sum"),
        .conv("conv3", "relu2", 20, strides: Extent(2, 2)), .norm("bn3", "conv3"),
        .conv("shortcut", "relu2", 20, kernel: .one, strides: Extent(2, 2), pads: .none),
        .node("sum2", .add, "shortcut", "bn3"), .node("relu3", .relu, "sum2"),
        .node("pool", .globalAveragePool, "relu3"), .node("flat", .flatten, "pool"),
        .node(
          "fc", .linear(Linear(outputFeatures: 10, weight: "fc.weight", bias: "fc.bias")), "flat"),
      ])
    try expectReference(model, images: 5)
  }

  @Test func poolsAndPlainOperatorsEqualTheReference() throws {
    var random = RandomModel(seed: 2)
    let pads = Pads(top: 1, left: 0, bottom: 1, right: 1)
    for countsPads in [false, true] {
      let model = try random.model(
        input: Shape(channels: 10, height: 11, width: 9),
        [
          .norm("bn", "input"), .node("relu", .relu, "bn"), .norm("bn2", "relu"),
          .node("sum", .add, "bn2", "input"),
          .node(
            "max", .maxPool(Pooling(kernel: Extent(3, 2), strides: Extent(2, 2), pads: pads)), "sum"
          ),
          .node(
            "mean",
            .averagePool(
              Pooling(
                kernel: Extent(2, 2), strides: .one, pads: pads.union(.none), countsPads: countsPads
              )),
            "max"),
          .node("flat", .flatten, "mean"), .node("relu2", .relu, "flat"),
          .node("fc", .linear(Linear(outputFeatures: 17, weight: "fc.weight")), "relu2"),
          .node("fc2", .linear(Linear(outputFeatures: 3, weight: "fc2.weight")), "fc"),
        ])
      try expectReference(model)
    }
  }

  @Test func oneValueReadTwiceAndKeptForLater() throws {
    var random = RandomModel(seed: 3)
    let model = try random.model(
      input: Shape(channels: 8, height: 5, width: 5),
      [
        .conv("a", "input", 8), .node("relu", .relu, "a"), .node("double", .add, "relu", "relu"),
        .conv("b", "double", 8), .node("sum", .add, "b", "double"),
        .node("sum2", .add, "sum", "a"), .conv("c", "sum2", 8), .node("last", .add, "c", "sum"),
      ])
    try expectReference(model)
  }

  @Test func resultsDoNotDependOnThreadsOrBatch() throws {
    var random = RandomModel(seed: 4)
    let model = try random.model(
      input: Shape(channels: 3, height: 10, width: 10),
      [
        .conv("a", "input", 24), .node("r", .relu, "a"), .conv("b", "r", 40),
        .node("pool", .globalAveragePool, "b"), .node("flat", .flatten, "pool"),
      ], zeros: 0.5)
    let dataset = Dataset(
      images: random.bytes(300 * 37), labels: [Int32](repeating: 0, count: 37),
      shape: model.graph.inputShape)
    let reference = Evaluator(dataset, threads: 1).outputs(of: try Program(model))
    for (threads, images) in [(1, 1), (2, 5), (3, 16), (8, 2)] {
      let program = try Program(model, imagesPerPass: images)
      #expect(Evaluator(dataset, threads: threads).outputs(of: program) == reference)
    }
  }

  @Test func aRequestedCancellationYieldsNothing() throws {
    var random = RandomModel(seed: 4)
    let model = try random.model(
      input: Shape(channels: 1, height: 4, width: 4), [.node("r", .relu, "input")])
    let dataset = Dataset(images: random.bytes(16), labels: [0], shape: model.graph.inputShape)
    let cancellation = Cancellation()
    cancellation.request()
    #expect(
      Evaluator(dataset).accuracy(of: try Program(model), cancellation: cancellation) == nil)
  }
}
