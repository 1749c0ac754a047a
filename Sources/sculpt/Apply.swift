internal import ArgumentParser
internal import Formats
internal import Foundation
internal import ModelGraph
internal import Patterns
internal import Search

/// `sculpt apply`: writes the model that a strategy makes.
struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the model that a strategy makes: channels removed, masked weights zero.")

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("The strategy to apply.", valueName: "strategy.json"))
  var strategy: String

  @Option(name: .shortAndLong, help: ArgumentHelp("Where to write it.", valueName: "folder"))
  var output: String

  @Flag(help: "Replace files that exist.")
  var force = false

  func run() throws {
    let workbench = try common.workbench()
    let pruned = try workbench.prune(workbench.strategy(at: strategy))
    try FileManager.default.createDirectory(
      atPath: output, withIntermediateDirectories: true)
    let path = output + "/model.json"
    try ModelFile.write(pruned.model, to: path, data: workbench.file.data, replacing: force)
    let report = Report(
      model: path, macs: pruned.cost.macs, parameters: pruned.cost.parameters)
    if common.json {
      try printJSON(report)
    } else {
      print("\(path): \(report.macs.grouped) MACs, \(report.parameters.grouped) parameters")
    }
  }

  private struct Report: Encodable {
    var model: String
    var macs: Int
    var parameters: Int
  }
}
