internal import ArgumentParser
internal import CommandOptions
internal import Formats
internal import Foundation
internal import Ranks

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
      let ranks = try Ranks.started()
      if !ranks.leads { Termination.ignore() }
      let code = run(on: ranks)
      ranks.end()
      exit(code)
    } catch {
      exit(tell(error))
    }
  }

  private static func run(on ranks: Ranks) -> Int32 {
    do {
      var command = try Sculpt.parseAsRoot()
      guard ranks.leads || command is any RankedCommand else { return 0 }
      try command.run()
      try StandardOutput.flush()
      return 0
    } catch {
      // What keeps another rank from working is told by the leading one.
      return ranks.leads ? tell(error) : 0
    }
  }

  /// Tells what went wrong; returns the exit code.
  static func tell(_ error: any Error) -> Int32 {
    ErrorReport.tell(error, of: Sculpt.self, program: "sculpt", hint: "sculpt help")
  }
}
