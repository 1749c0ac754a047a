public import ArgumentParser
public import Patterns

/// The options for a search's target.
public struct TargetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The share of the MACs to keep, 0.5 unless --target-latency is given.", valueName: "share"))
  var target: Double?

  @Option(
    help: ArgumentHelp(
      "The share of the time of an image to keep, in place of --target: as predicted from the time of every "
        + "choice, which is measured once on this machine.", valueName: "share"))
  var targetLatency: Double?

  /// Half of the MACs.
  public init() {}

  /// Checks what the parser cannot.
  public func validate() throws {
    if target != nil, targetLatency != nil {
      throw ValidationError("--target and --target-latency exclude each other: give one of them")
    }
    for (name, share) in [("--target", target), ("--target-latency", targetLatency)] {
      if let share, !(share > 0 && share <= 1) {
        throw ValidationError("\(name) is a share above 0 and at most 1, not \(share)")
      }
    }
  }

  /// The target.
  public var value: Target {
    targetLatency.map { Target($0, of: .latency) } ?? Target(target ?? 0.5)
  }
}
