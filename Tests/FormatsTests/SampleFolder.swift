import Foundation

/// The sample model in the repository.
enum SampleFolder {
  static let path = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "SampleModels/resnet20-fashion").path

  static var model: String { path + "/model.json" }
  static var weights: String { path + "/weights.safetensors" }
}
