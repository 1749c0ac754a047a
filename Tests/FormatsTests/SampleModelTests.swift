import Formats
import ModelGraph
import TestSupport
import Testing

/// The sample ResNet-20, read end to end.
@Suite struct SampleModelTests {
  @Test func structureNeedsNoWeights() throws {
    let file = try ModelFile.readStructure(at: SampleFolder.model)
    let graph = file.model.graph
    #expect(graph.macs == 31_021_952)
    #expect(graph.parameterCount == 272_186)
    #expect(graph.inputShape == Shape(channels: 1, height: 28, width: 28))
    #expect(graph.nodes[graph.output].shape == Shape([10]))
    #expect(!file.model.isTrained)
    #expect(file.digest == nil)
    #expect(file.model.classes.last == "Ankle boot")
    #expect(file.model.input.mean == [0.286])
    #expect(file.model.input.deviation == [0.353])
    #expect(file.model.input.scale == Float(1) / 255)
  }

  /// The digest was made by `cat model.json weights.safetensors | sha256sum`.
  @Test func weightsFillTheGraph() throws {
    let file = try ModelFile.read(at: SampleFolder.model)
    #expect(file.model.isTrained)
    #expect(file.model.parameters.count == 21 * 5 + 2)
    let weight = try #require(file.model.parameters["layer2.0.shortcut.0.weight"])
    #expect(weight.shape == [32, 16, 1, 1])
    #expect(
      file.digest == "aa173bf13498587906dcd69734dd4720fef51e79e7dab1ef51065a36d693bab2")
  }

  @Test func twelveGroupsCanBePruned() throws {
    let graph = try ModelFile.readStructure(at: SampleFolder.model).model.graph
    #expect(ChannelGroups(graph).groups.count == 12)
  }

  @Test(arguments: [(Split.calibration, 1024), (.validation, 5000), (.test, 10_000)])
  func dataFitsTheModel(split: Split, count: Int) throws {
    let file = try ModelFile.readStructure(at: SampleFolder.model)
    let source = try #require(file.data[split])
    let dataset = try Dataset.read(source, for: file.model.graph)
    #expect(dataset.count == count)
    #expect(dataset.pixels.count == count * 28 * 28)
    #expect(Set(dataset.labels) == Set(0..<10))
  }

  @Test func writerKeepsTheLayout() throws {
    let file = try ModelFile.readStructure(at: SampleFolder.model)
    let relative = file.data.mapValues { source in
      source.mappingPaths { String($0.dropFirst(SampleFolder.path.count + 1)) }
    }
    let json = try ModelFile.encode(
      file.model, weights: "weights.safetensors", data: relative, file: "model.json")
    let text = String(decoding: json, as: UTF8.self)
    #expect(try text == String(decoding: bytes(of: SampleFolder.model), as: UTF8.self))
  }
}
