public import Formats

extension Recipe {
  /// Where the recipe of a model is unless another is named: `recipe.json` beside it.
  public static func path(besideModelAt path: String) -> String {
    Path.resolve("recipe.json", against: Path.folder(of: path))
  }

  /// Reads the recipe that a model was trained by.
  /// - Throws: `FormatError` if there is none beside it, or it is damaged.
  public static func read(besideModelAt path: String) throws(FormatError) -> Recipe {
    let recipe = Self.path(besideModelAt: path)
    guard FileBytes.exists(recipe) else {
      throw FormatError(
        path, "has no recipe.json beside it, which says how it was trained",
        remedy: "name one with --recipe")
    }
    return try read(at: recipe)
  }

  /// The same recipe with other images, whose paths start from the working directory.
  public func training(on images: DataSource) -> Recipe {
    var recipe = self
    recipe.train = images.mappingPaths { Path.reference(to: $0, from: folder) }
    return recipe
  }
}
