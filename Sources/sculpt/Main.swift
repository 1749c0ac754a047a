internal import ArgumentParser
internal import Foundation

/// Prunes trained neural networks with regular patterns, from the command line.
struct Sculpt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sculpt",
    abstract: "Prunes trained neural networks with regular patterns.",
    discussion: "Open a model in the terminal, and steer the search, with sculpt-tui.",
    version: "sculpt \(programVersion)",
    subcommands: [
      Inspect.self, Evaluate.self, SearchCommand.self, Compare.self, Apply.self, Runs.self,
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
    } catch {
      exit(report(error))
    }
  }

  private static func report(_ error: any Error) -> Int32 {
    let code = Sculpt.exitCode(for: error)
    if code == .success {
      print(Sculpt.fullMessage(for: error))
      return 0
    }
    let isUsage = code == .validationFailure
    let text = isUsage ? Sculpt.message(for: error) : String(describing: error)
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    // A message may end with a question: "Did you mean …?"
    let hint = isUsage ? "\(line.hasSuffix("?") ? "" : ";") see sculpt help" : ""
    FileHandle.standardError.write(Data("sculpt: \(line)\(hint)\n".utf8))
    return isUsage ? 2 : 1
  }
}
