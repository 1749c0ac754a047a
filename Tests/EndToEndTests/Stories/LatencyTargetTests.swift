import PseudoTerminal
import Testing

/// A share of the time in place of a share of the MACs.
@Suite struct LatencyTargetTests {
  @Test func aSearchGoesOnWithItsOwnTarget() throws {
    let home = try Home()
    let model = try home.smallModel()
    let options = ["search", model, "--steps", "2", "--images", "100", "--json"]
    let (run, file) = (home["latency.sqlite"], home["fast.json"])
    let found = try home.sculpts(
      options + ["--episodes", "2", "--target-latency", "0.6", "--record", run, "-o", file]
    ).output
    #expect((0.3...0.60001).contains(try number("latency", in: found)))
    _ = try number("median", in: found)
    let strategy = try home.text("fast.json")
    #expect(strategy.contains(#""latency" : 0.6"#))
    let timed = try home.sculpt(
      "latency", model, "--strategy", file, "--predict", "--rounds", "5")
    #expect(timed.contains(/(?m)^sculpt .* ms .* %$/))
    #expect(timed.contains(/(?m)^predicted *[3-6][0-9]\.[0-9]+ %/))
    // The file says how the strategy is made into a model, which then is as accurate as it says.
    let evaluation = try home.sculpt("evaluate", model, "--strategy", file, "--json")
    #expect(try number("correct", in: evaluation) == number("correct", in: strategy))
    // The run knows its own target and the times it went by.
    let later = try home.sculpts(options + ["--episodes", "3", "--resume", run]).output
    #expect((0.3...0.60001).contains(try number("latency", in: later)))

    try home.refuses(
      2, "exclude each other", ["search", model, "--target", "0.5", "--target-latency", "0.5"])
    try home.refuses(2, "target-latency.*not 1.5", ["search", model, "--target-latency", "1.5"])
    try home.refuses(
      1, "add --correction both",
      options + ["--episodes", "2", "--resume", run, "--correction", "none"])
  }
}
