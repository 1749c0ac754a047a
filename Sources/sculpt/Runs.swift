internal import ArgumentParser
internal import Formats
internal import Foundation
internal import Search

/// `sculpt runs`: the searches that are stored.
struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the runs that sculpt-tui has stored, newest first.")

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let runs = RunFolder().summaries()
    if json { return try printJSON(runs) }
    if runs.isEmpty { print("no runs in \(RunFolder().url.path(percentEncoded: false))") }
    for run in runs {
      let label = [run.label.name, run.label.note].filter { !$0.isEmpty }
        .joined(separator: ": ").printable
      print(
        run.created, String(run.episodes).leftPadded(to: 6), "episodes ", run.model, " ", run.path,
        label.isEmpty ? "" : " " + label)
    }
  }
}
