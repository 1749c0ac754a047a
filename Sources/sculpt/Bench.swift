internal import ArgumentParser

/// `sculpt bench`: the speed of this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Measures the speed of a model on this machine: as it is, in training, on the screen.",
    subcommands: [
      BenchInference.self, BenchSensitivity.self, BenchTraining.self, BenchScreen.self,
    ],
    defaultSubcommand: BenchInference.self)
}
