internal import ArgumentParser
internal import Search

/// What a search can be told.
struct SearchOptions: ParsableArguments {
  @Option(help: "The share of the MACs to keep.")
  var target = 0.5

  @Option(help: "Validation images that judge a step; the best are measured on all.")
  var images = 1000

  @Option(help: "Steps of an episode.")
  var steps = 4

  func validate() throws {
    guard target > 0, target <= 1 else {
      throw ValidationError("--target is a share above 0 and at most 1, not \(target)")
    }
    guard images > 0, steps > 0 else {
      throw ValidationError("--images and --steps must be at least 1")
    }
  }

  func settings(seed: UInt64) -> SearchSettings {
    var settings = SearchSettings()
    settings.target = target
    settings.seed = seed
    settings.images = images
    settings.stepsPerEpisode = steps
    return settings
  }
}
