import ModelGraph
import Testing

/// The axis of the batch, which Sculpt's graphs have not.
@Suite struct ONNXBatchTests {
  @Test(arguments: ["dynamic", "single", "unnamed"])
  func anyBatchIsLeftOut(name: String) throws {
    let graph = try ONNXFixture.read("batch-\(name)").graph
    #expect(
      graph.nodes.map(\.shape.dimensions) == [
        [4, 6, 6], [8, 6, 6], [8, 6, 6], [8, 1, 1], [8], [3],
      ])
  }

  @Test func aBatchInAReshapeIsLeftOut() throws {
    let graph = try ONNXFixture.read("batch-fixed").graph
    #expect(graph.nodes.map(\.shape.dimensions) == [[4, 6, 6], [2, 1, 1], [2], [2]])
  }

  @Test func withoutABatchEveryAxisStays() throws {
    let graph = try ONNXFixture.read("batch-none").graph
    #expect(graph.nodes.map(\.shape.dimensions) == [[7, 4], [7, 2]])
  }
}
