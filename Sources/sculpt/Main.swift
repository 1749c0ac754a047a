internal import ArgumentParser
internal import CommandOptions
internal import Formats
internal import Foundation

/// Prunes trained neural networks with regular patterns, from the command line.
struct Sculpt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sculpt",
    abstract: "Prunes trained neural networks with regular patterns.",
    discussion: "Open a model in the terminal, and steer the search, with sculpt-tui.",
    version: "sculpt \(programVersion)",
    subcommands: [
      Inspect.self, Evaluate.self, Run.self, Import.self, SearchCommand.self, Compare.self,
      SensitivityCommand.self, Export.self, Train.self, Finetune.self, Runs.self,
      LatencyCommand.self, Bench.self,
    ])
}

/// Exit codes: 0 all went well, 1 the work failed, 2 the command line is wrong.
@main
enum Main {
  static func main() {
    do {
      var command = try Sculpt.parseAsRoot()
      try command.run()
      try StandardOutput.flush()
    } catch {
      exit(ErrorReport.tell(error, of: Sculpt.self, program: "sculpt", hint: "sculpt help"))
    }
  }
}
