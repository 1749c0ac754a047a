internal import ArgumentParser
internal import Foundation
internal import Metrics
internal import Patterns
internal import Search

/// `sculpt bench sensitivity MODEL`: how well the expected losses are estimated.
struct BenchSensitivity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sensitivity",
    abstract: "Compares the expected loss of every choice with the loss that is measured.",
    discussion: """
      The rank correlation (Spearman) is over all choices that lose anything, and the median over the units of that of \
      a unit's choices.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "List every choice.")
  var choices = false

  func run() throws {
    let workbench = try common.workbench()
    let clock = ContinuousClock()
    var (estimated, measured): (Sensitivity?, Sensitivity?)
    let estimation = try clock.measure { estimated = try workbench.estimatedSensitivity() }
    let measurement = try clock.measure { measured = try workbench.measuredSensitivity() }
    guard let estimated, let measured else { return }
    var pairs: [(Double, Double)] = []
    var ofUnits: [Double] = []
    for unit in workbench.space.units.indices {
      let own = zip(estimated.losses[unit: unit], measured.losses[unit: unit]).dropFirst().map {
        (Double($0), Double($1))
      }
      if own.count > 2 { ofUnits.append(rankCorrelation(own)) }
      pairs += own
      guard choices else { continue }
      for (pattern, pair) in zip(workbench.space.units[unit].menu.dropFirst(), own) {
        print(
          workbench.space.units[unit].name.padded(to: 32), pattern.name.padded(to: 14),
          pair.0.decimals(6), pair.1.decimals(6))
      }
    }
    print(
      "\(pairs.count) choices: estimated in \(estimation.seconds.decimals(1)) s, "
        + "measured in \(measurement.seconds.decimals(1)) s, rank correlation "
        + "\(rankCorrelation(pairs).decimals(3)), of a unit's choices \(ofUnits.median.decimals(3)) in the median"
    )
  }
}
