import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Search

@Suite struct LatencyBatchesTests {
  @Test(arguments: 0..<10 as Range<UInt64>)
  func everyChoiceIsTimedOnceAndNoTwoShareANode(seed: UInt64) throws {
    let space = PruningSpace(try RandomNetwork.model(seed: seed).graph)
    let batches = LatencyTable.batches(of: space)
    let (timed, all) = (batches.flatMap { $0 }, space.alternatives)
    #expect(timed.count == all.count && Set(timed) == Set(all))
    for batch in batches {
      let nodes = batch.flatMap { space.nodesOfUnit[$0.unit] }
      #expect(nodes.count == Set(nodes).count)
    }
  }
}
