import Formats
import Foundation
import ModelGraph
import TestSupport
import Testing

/// The models of the project, and small ones made from them.
enum Sample {
  static let project = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  private static let models = project + "/SampleModels"
  static let resnet = models + "/resnet20-fashion/model.json"
  static let transformer = models + "/vit-fashion/model.json"
  static let fashion = models + "/fashion-mnist"
  static let validationImages = fashion + "/validation-images-idx3-ubyte.gz"
  static let fixtures = project + "/Tests/FormatsTests/Fixtures/onnx/"
}

extension Home {
  /// The path of a ResNet-20 with 500 validation and 4 calibration images, where their number does not matter.
  ///
  /// Its recipe trains on the validation images, which only a test may do; batches are small so that an epoch has many.
  func smallModel() throws -> String {
    let path = self["models/small.json"]
    guard !FileManager.default.fileExists(atPath: path) else { return path }
    let data = self["models/data"]
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    let source = URL(filePath: Sample.resnet).deletingLastPathComponent()
    try FileManager.default.copyItem(
      atPath: source.appending(path: "weights.safetensors").path,
      toPath: self["models/weights.safetensors"])
    let file = try ModelFile.readStructure(at: Sample.resnet)
    var text = try String(contentsOfFile: Sample.resnet, encoding: .utf8)
    for (split, name, count) in [(Split.validation, "small", 500), (.calibration, "few", 4)] {
      try keeps(count, of: split, from: file, as: name)
      for (kind, dimensions) in [("images", 3), ("labels", 1)] {
        text = text.replacingOccurrences(
          of: "../fashion-mnist/\(split.rawValue)-\(kind)-idx\(dimensions)-ubyte.gz",
          with: "data/\(name)-\(kind)")
      }
    }
    try writes(
      text.replacingOccurrences(of: "../fashion-mnist", with: Sample.fashion),
      to: "models/small.json")
    try writes(
      """
      {"format": "sculpt-recipe", "version": 1, "model": "small.json",
       "data": {"train": {"images": "data/small-images", "labels": "data/small-labels"}, "holdout": 100},
       "epochs": 12, "batch": 16, "learning_rate": 0.4, "weight_decay": 0.0005, "label_smoothing": 0.05,
       "schedule": {"kind": "one_cycle", "peak_at": 0.25}, "augmentation": {"crop": 2, "flip": true}}
      """, to: "models/recipe.json")
    return path
  }

  /// Writes the first images of a split, and their labels.
  private func keeps(
    _ count: Int, of split: Split, from file: ModelFile, as name: String
  ) throws {
    let data = try Dataset.read(try #require(file.data[split]), for: file.model.graph).prefix(count)
    guard case .bytes(let bytes) = data.pixels else { return }
    func header(_ dimensions: Int...) -> [UInt8] {
      [0, 0, 8, UInt8(dimensions.count)]
        + dimensions.flatMap { extent in
          [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) }
        }
    }
    _ = try folder.write(header(count, 28, 28) + bytes, to: "models/data/\(name)-images")
    _ = try folder.write(
      header(count) + data.labels.map { UInt8($0) }, to: "models/data/\(name)-labels")
  }

  /// Writes a copy of the small model in which a text is another; returns its path.
  func variant(_ name: String, _ text: String, _ other: String) throws -> String {
    let original = try String(contentsOfFile: smallModel(), encoding: .utf8)
    let place = try #require(original.range(of: text, options: .regularExpression))
    try writes(original.replacingCharacters(in: place, with: other), to: "models/\(name).json")
    return self["models/\(name).json"]
  }
}
