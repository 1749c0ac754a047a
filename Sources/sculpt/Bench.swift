internal import ArgumentParser

/// `sculpt bench`: the speed of this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the speed of a model on this machine: as it is, or in training.",
    subcommands: [BenchInference.self, BenchTraining.self], defaultSubcommand: BenchInference.self)
}
