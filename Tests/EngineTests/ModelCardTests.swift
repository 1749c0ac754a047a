import Engine
import Formats
import Foundation
import Metrics
import ModelGraph
import Testing

/// A sample with what its README says of it.
private struct ModelCard {
  static let folders = [
    "resnet20-fashion", "vgg11-fashion", "mobilenetv2-fashion", "vit-fashion",
  ]

  let file: ModelFile
  private let text: String

  init(_ folder: String) throws {
    let path = SampleTests.folder.deletingLastPathComponent().appending(path: folder)
    text = try String(contentsOf: path.appending(path: "README.md"), encoding: .utf8)
    file = try ModelFile.read(at: path.appending(path: "model.json").path())
  }

  /// The number in a row of the table behind `prefix`: 9337 of `| Test accuracy | 93.37 % (9,337 of 10,000) |`.
  func number(_ row: String, after prefix: String = "") throws -> Int {
    let start = "| \(row) | "
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(start) })
    let value = line.dropFirst(start.count)
    let place = prefix.isEmpty ? value.startIndex : try #require(value.range(of: prefix)).upperBound
    return try #require(
      Int(value[place...].prefix { $0.isNumber || $0 == "," }.filter(\.isNumber)))
  }
}

@Suite struct ModelCardTests {
  // The validation split is that of `sculpt evaluate`'s own story.
  @Test(arguments: ModelCard.folders)
  func accuracyIsWhatTheCardSays(folder: String) throws {
    let card = try ModelCard(folder)
    let graph = card.file.model.graph
    let dataset = try Dataset.read(try #require(card.file.data[.test]), for: graph)
    let accuracy = try #require(Evaluator(dataset).accuracy(of: try Program(card.file.model)))
    #expect(abs(accuracy.correct - (try card.number("Test accuracy", after: "("))) <= 2)
    #expect(accuracy.images == dataset.count)
  }

  @Test(arguments: ModelCard.folders)
  func costsAreWhatTheCardSays(folder: String) throws {
    let card = try ModelCard(folder)
    #expect(card.file.model.graph.macs == (try card.number("MACs")))
    #expect(card.file.model.graph.parameterCount == (try card.number("Parameters")))
  }
}
