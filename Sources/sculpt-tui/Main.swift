public import ArgumentParser
internal import Explorer
public import Formats
internal import Foundation

/// Prunes a trained neural network, watched and steered from the terminal.
struct SculptTUI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sculpt-tui",
    abstract: "Prunes a trained neural network, watched and steered from the terminal.",
    discussion: "In the program, ? shows every key. Without a terminal, use sculpt.",
    version: "sculpt-tui 0.1.0")

  @Argument(help: ArgumentHelp("The model.", valueName: "model.json"))
  var model: String

  @Option(
    help: ArgumentHelp(
      "Validation images to use in place of those that the model names: an .npz, CIFAR's .bin, IDX or NPY "
        + "files, or a folder with a folder of photographs for each class.", valueName: "path"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "How photographs are fitted: crop (as torchvision does), stretch, or the shorter side in pixels.",
      valueName: "how"))
  var resize: ImageFitting = .standardCrop

  @Option(help: "The share of the MACs to keep.")
  var target = 0.5

  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 0

  @Option(help: "Threads that evaluate; by default one a processor.")
  var threads: Int?

  @Option(help: "Steps of an episode.")
  var steps = 4

  @Option(help: "Validation images that judge a step.")
  var images = 1000

  @Option(help: ArgumentHelp("Go on with a stored run; see sculpt runs.", valueName: "run.sqlite"))
  var resume: String?

  @Option(help: "The theme: default, or one of Themes/.")
  var theme = "default"

  @Flag(help: "Draw with ASCII only.")
  var ascii = false

  @Flag(help: "Look, change nothing.")
  var readonly = false

  @Flag(help: "Print one frame as text and exit.")
  var once = false

  func validate() throws {
    guard target > 0, target <= 1 else {
      throw ValidationError("--target is a share above 0 and at most 1, not \(target)")
    }
    guard images > 0, steps > 0 else {
      throw ValidationError("--images and --steps must be at least 1")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be between 1 and 1024, not \(threads)")
    }
  }

  var options: ExplorerOptions {
    var options = ExplorerOptions(
      model: model, environment: ProcessInfo.processInfo.environment,
      executable: Bundle.main.executablePath ?? CommandLine.arguments[0])
    options.data = data
    options.fitting = resize
    options.target = target
    options.seed = seed
    options.threads = threads
    options.steps = steps
    options.images = images
    options.resume = resume
    options.theme = theme
    options.isASCII = ascii
    options.isReadOnly = readonly
    return options
  }
}

extension ImageFitting: ExpressibleByArgument {
  /// From the argument's text.
  public init?(argument: String) { self.init(argument) }
}

/// Exit codes: 0 all went well, 1 the work failed, 2 the command line is wrong.
@main
enum Main {
  static func main() {
    do {
      let command = try SculptTUI.parse()
      if command.once {
        let (columns, rows) = frameSize()
        print(try SculptScreen.once(command.options, columns: columns, rows: rows))
      } else {
        exit(try SculptScreen.run(command.options))
      }
    } catch {
      exit(report(error))
    }
  }

  /// The terminal's size, else `COLUMNS` and `LINES`, else 80 x 24.
  private static func frameSize() -> (columns: Int, rows: Int) {
    var window = winsize()
    let environment = ProcessInfo.processInfo.environment
    let isTerminal = isatty(STDOUT_FILENO) == 1
    if isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 {
      return (Int(window.ws_col), max(1, Int(window.ws_row) - 1))
    }
    func number(_ name: String, _ usual: Int) -> Int {
      environment[name].flatMap { Int($0) }.map { min(max($0, 1), 1000) } ?? usual
    }
    return (number("COLUMNS", 80), number("LINES", 24))
  }

  private static func report(_ error: any Error) -> Int32 {
    let code = SculptTUI.exitCode(for: error)
    if code == .success {
      print(SculptTUI.fullMessage(for: error))
      return 0
    }
    let isUsage = code == .validationFailure
    let text = isUsage ? SculptTUI.message(for: error) : String(describing: error)
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    // A message may end with a question: "Did you mean …?"
    let hint = isUsage ? "\(line.hasSuffix("?") ? "" : ";") see sculpt-tui --help" : ""
    FileHandle.standardError.write(Data("sculpt-tui: \(line)\(hint)\n".utf8))
    return isUsage ? 2 : 1
  }
}
