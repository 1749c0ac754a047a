internal import ArgumentParser
internal import CommandOptions
internal import Engine
internal import Explorer
internal import Formats
internal import Foundation
internal import Patterns
internal import Search

/// Prunes a trained neural network, watched and steered from the terminal.
struct SculptTUI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sculpt-tui",
    abstract: "Prunes a trained neural network, watched and steered from the terminal.",
    discussion: "In the program, ? shows every key. Without a terminal, use sculpt.",
    version: "sculpt-tui \(programVersion)")

  @Argument(
    help: ArgumentHelp(
      "The model; without one there is a screen to choose it.", valueName: "model.json|model.onnx"))
  var model: String?

  @OptionGroup var dataOptions: DataOptions

  @OptionGroup var target: TargetOptions

  @OptionGroup var menuOptions: MenuOptions

  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 0

  @Option(help: "Threads that evaluate; by default one a processor.")
  var threads: Int?

  @Option(help: .memory)
  var memory: MemoryBudget?

  @Option(help: "Steps of an episode.")
  var steps = 4

  @Option(help: "Validation images that judge a step.")
  var images = 1000

  @Option(help: ArgumentHelp("Go on with a stored run; see sculpt runs.", valueName: "run.sqlite"))
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Watch a run that another program writes: nothing is searched or changed here.",
      valueName: "run.sqlite"))
  var follow: String?

  @Option(
    help: ArgumentHelp(
      "What f fine-tunes by: the recipe of the dense model; by default recipe.json beside it.",
      valueName: "recipe.json"))
  var recipe: String?

  @Option(
    help: ArgumentHelp("Images to fine-tune on in place of the recipe's.", valueName: "path"))
  var train: String?

  @Option(help: "The theme: default, or one of Themes/; otherwise that of the last time.")
  var theme: String?

  @Flag(help: "Draw with ASCII only.")
  var ascii = false

  @Flag(help: "Look, change nothing.")
  var readonly = false

  @Flag(help: "Print one frame as text and exit.")
  var once = false

  @Flag(help: "With --once: as a picture, an SVG in the theme's colours.")
  var svg = false

  @Option(
    help: ArgumentHelp(
      "With --once: columns and rows; by default the terminal's.", valueName: "140x44"))
  var size: FrameSize?

  func validate() throws {
    try check(images: images, steps: steps)
    try check(threads: threads)
    if !once, svg || size != nil {
      throw ValidationError("--svg and --size are of one frame: add --once")
    }
    if follow != nil, resume != nil {
      throw ValidationError("a run is followed or gone on with: give --follow or --resume")
    }
    guard model == nil else { return }
    if once, resume ?? follow == nil { throw ValidationError("--once needs a model: name one") }
  }

  func options() throws -> ExplorerOptions {
    let dataOptions = dataOptions
    func open(_ path: String) throws -> ModelFile {
      try dataOptions.applied(
        to: ModelFile.readStructure(at: path, output: dataOptions.output), split: .validation)
    }
    // Where a run cannot be gone on with, another one begins; there is nothing to follow in that.
    if let follow { try RunFolder.check(run: follow) }
    let stored = resume ?? follow
    let model = try model ?? stored.map(RunFolder.model(ofRun:))
    var options = ExplorerOptions(
      file: try model.map(open), environment: ProcessInfo.processInfo.environment,
      executable: Bundle.main.executablePath ?? CommandLine.arguments[0], open: open)
    options.namesImages = !dataOptions.leaveEverything
    options.target = target.value
    options.engine = menuOptions.engine
    options.sharing = menuOptions.sharing ?? .standard
    options.library = try menuOptions.library()
    options.seed = seed
    options.threads = threads
    options.memory = memory ?? .standard
    options.steps = steps
    options.images = images
    options.resume = stored
    options.follows = follow != nil
    options.recipe = recipe
    options.train = try train.map { try DataSource.recognised(at: $0) }
    options.theme = theme
    options.isASCII = ascii
    options.isReadOnly = readonly
    return options
  }
}

/// Exit codes: 0 all went well, 1 the work failed, 2 the command line is wrong.
@main
enum Main {
  static func main() {
    do {
      let command = try SculptTUI.parse()
      if command.once {
        let size = command.size ?? .usual
        let options = try command.options()
        guard let file = options.file else { return }
        print(
          try SculptScreen.once(
            file, options, columns: size.columns, rows: size.rows, as: command.svg ? .svg : .text))
        try StandardOutput.flush()
      } else {
        let code = try SculptScreen.run(command.options())
        // Not `exit`: threads may still compute with what libraries would take away at the end.
        _exit(code)
      }
    } catch {
      exit(
        ErrorReport.tell(
          error, of: SculptTUI.self, program: "sculpt-tui", hint: "sculpt-tui --help"))
    }
  }
}
