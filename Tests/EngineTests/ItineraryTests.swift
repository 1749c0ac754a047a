import Formats
import ModelGraph
import TestSupport
import Testing

@testable import Engine

@Suite struct ItineraryTests {
  /// Whatever stands elsewhere in the memory: what is held is all that later steps read.
  @Test(arguments: 0..<12 as Range<UInt64>) func outputsComeFromWhatIsHeld(seed: UInt64) throws {
    let model = try RandomNetwork.model(seed: seed)
    var generator = SmallNetwork.Generator(state: seed)
    let shape = model.graph.inputShape
    let dataset = Dataset(
      images: (0..<3 * shape.count).map { _ in UInt8.random(in: 0...255, using: &generator) },
      labels: [0, 0, 0], shape: shape)
    let program = try Program(model, imagesPerPass: 3)
    let wanted = try #require(Evaluator(dataset).outputs(of: program))
    let itinerary = Itinerary(program)
    for step in program.steps.indices {
      var place = Waypoint()
      let first = Workspace(program)
      let second = Workspace(program)
      place.resume(in: first, 0..<3, of: dataset)
      first.compute(0..<step, count: 3)
      place.hold(itinerary.live(before: step), of: first, before: step, count: 3)
      // Another memory, in which other images were.
      dataset.withInputs(0..<1) { _ = second.load($0) }
      second.compute(count: 1)
      place.resume(in: second, 0..<3, of: dataset)
      second.compute(step..<program.steps.count, count: 3)
      var outputs = [Float](repeating: 0, count: 3 * program.outputCount)
      outputs.withUnsafeMutableBufferPointer { second.unload($0, count: 3) }
      #expect(outputs == wanted, "held before step \(step)")
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func moreMemoryIsForMoreImages(seed: UInt64) throws {
    let program = try Program(RandomNetwork.model(seed: seed))
    let images = (0..<30).map { program.images(500, holding: 1 << $0) }
    #expect(images == images.sorted())
    #expect((images.first ?? 0) >= 1)
    #expect(images.last == 500)
  }
}
