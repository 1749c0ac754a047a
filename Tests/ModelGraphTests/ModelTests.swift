import ModelGraph
import Testing

@Suite struct ModelTests {
  private let weight = Parameter(shape: [3, 2], values: [1, 2, 3, 4, 5, 6])

  private func model(
    classes: [String] = [], input: InputDescription = InputDescription(),
    _ parameters: [String: Parameter]
  ) throws(GraphError) -> Model {
    let linear = Linear(outputFeatures: 3, weight: "w")
    let graph = try Graph(
      input: Shape([2]),
      declarations: [NodeDeclaration(name: "fc", op: .linear(linear), inputs: ["input"])])
    return try Model(
      name: "m", graph: graph, input: input, classes: classes, parameters: parameters)
  }

  @Test func keepsWhatTheGraphNeeds() throws {
    #expect(try !model([:]).isTrained)
    let trained = try model(["w": weight, "counter": weight])
    #expect(trained.isTrained)
    #expect(trained.parameters == ["w": weight])
  }

  @Test func zerosCountForNothing() throws {
    #expect(try model([:]).nonzero == nil)
    let masked = try model(["w": Parameter(shape: [3, 2], values: [1, 0, -0.0, 4, 0, 6])])
    #expect(masked.graph.macs == 6 && masked.nonzero?.macs == 3)
    #expect(masked.nonzero?.parameters == 3)
  }

  @Test(arguments: [
    (["v": Parameter(shape: [1], values: [0])], "'w'"),
    (["w": Parameter(shape: [2, 3], values: [1, 2, 3, 4, 5, 6])], "[2, 3]"),
    (["w": Parameter(shape: [3, 2], values: [1, 2, 3, 4, 5, .nan])], "NaN"),
    (["w": Parameter(shape: [3, 2], values: [1, 2, 3, 4, 5, .infinity])], "infinity"),
  ])
  func refusesParametersThatDoNotFit(parameters: [String: Parameter], hint: String) {
    #expect { try model(parameters) } throws: { error in
      guard let error = error as? GraphError else { return false }
      return error.node == "fc" && error.description.contains(hint)
    }
  }

  @Test func classesMatchTheLogits() throws {
    #expect(try model(classes: ["a", "b", "c"], [:]).classes.count == 3)
    #expect(throws: GraphError.self) { try model(classes: ["a"], [:]) }
  }

  @Test func inputStatisticsMatchTheChannels() throws {
    _ = try model(input: InputDescription(mean: [1, 2], deviation: [3, 4]), [:])
    #expect(throws: GraphError.self) {
      try model(input: InputDescription(mean: [1, 2, 3], deviation: [1, 2, 3]), [:])
    }
    #expect(throws: GraphError.self) {
      try model(input: InputDescription(mean: [1, 2], deviation: [1]), [:])
    }
  }
}
