internal import ArgumentParser
internal import CommandOptions
internal import Formats
internal import ModelGraph
internal import Patterns
internal import Search

/// The options of a search.
struct SearchOptions: ParsableArguments {
  @OptionGroup var target: TargetOptions

  @Option(help: "Validation images that judge a step; the best are measured on all.")
  var images = 1000

  @Option(help: "Steps of an episode.")
  var steps = 4

  @Option(
    name: .customLong("table"),
    help: ArgumentHelp(
      "Times of another device, which its measure.py wrote (see sculpt latency --kit), in place of this machine's; the "
        + "target holds on each of several.", valueName: "table.json"))
  var tables: [String] = []

  func validate() throws {
    try check(images: images, steps: steps)
    if !tables.isEmpty, target.value.resource != .latency {
      throw ValidationError("--table is for a --target-latency")
    }
  }

  /// The times on other devices, table by table.
  func devices(_ model: ModelFile, in space: PruningSpace) throws -> [DeviceLatencies] {
    try tables.map { try LatencyKit(model.model, digest: model.digest, space).read($0) }
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
