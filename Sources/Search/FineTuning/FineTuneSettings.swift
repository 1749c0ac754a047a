public import Formats
public import Pruning
package import Training

/// The settings of sculpt-tui's fine-tuning.
public struct FineTuneSettings: Sendable {
  /// The recipe of the dense model; nil for `recipe.json` beside it.
  public var recipe: String?
  /// Images to train on in place of the recipe's.
  public var train: DataSource?
  /// The path of the run beside which fine-tuned models go.
  public var run: String
  /// Of the order and changes of the images.
  public var seed: UInt64
  /// Epochs, distillation, learning rate.
  public var tuning: FineTuning

  /// Settings; fine-tuned models go beside `run`.
  public init(
    run: String, recipe: String? = nil, train: DataSource? = nil, seed: UInt64 = 0,
    tuning: FineTuning = FineTuning()
  ) {
    self.run = run
    self.recipe = recipe
    self.train = train
    self.seed = seed
    self.tuning = tuning
  }

  /// The recipe of the dense model, whose images are there.
  ///
  /// The remedy stands first in the messages: a terminal may cut off the path.
  package func denseRecipe(ofModelAt path: String) throws -> Recipe {
    let place = recipe ?? Recipe.path(besideModelAt: path)
    guard FileBytes.exists(place) else {
      throw SearchError("no recipe to train by: name one with --recipe PATH; there is no \(place)")
    }
    var dense = try Recipe.read(at: place)
    if let train { dense = dense.training(on: train) }
    if let missing = dense.missingPath {
      let package = Self.package(of: missing)
        .map { "sudo apt install \($0), then f again, or " }
      throw SearchError(
        "no images to train on: \(package ?? "")name some with --train PATH; there is no \(missing)"
      )
    }
    return dense
  }

  /// The package of Debian and Ubuntu that a data set's file comes from; nil for any other file.
  package static func package(of path: String) -> String? {
    let parts = path.split(separator: "/")
    return parts.starts(with: ["usr", "share", "datasets"]) && parts.count > 4
      ? "dataset-\(parts[3])" : nil
  }
}
