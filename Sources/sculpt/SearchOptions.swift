internal import ArgumentParser
internal import CommandOptions
internal import Search

/// The options of a search.
struct SearchOptions: ParsableArguments {
  @OptionGroup var target: TargetOptions

  @Option(help: "Validation images that judge a step; the best are measured on all.")
  var images = 1000

  @Option(help: "Steps of an episode.")
  var steps = 4

  func validate() throws {
    try check(images: images, steps: steps)
  }

  func settings(_ common: CommonOptions) -> SearchSettings {
    var settings = SearchSettings()
    settings.target = target.value
    settings.seed = common.seed
    settings.engine = common.menuOptions.engine
    settings.images = images
    settings.stepsPerEpisode = steps
    return settings
  }
}
