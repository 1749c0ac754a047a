import PseudoTerminal
import Testing

/// Patterns of one's own.
@Suite struct OwnPatternsTests {
  private let home: Home
  private let model: String

  init() throws {
    home = try Home()
    model = try home.smallModel()
  }

  @Test func masksOfOnesOwnAreSearchedEvaluatedAndExported() throws {
    try home.writes(
      """
      {"format": "sculpt-patterns", "version": 1, "patterns": [
        {"family": "taps", "masks": ["272"]}, {"family": "taps", "masks": ["660", "330", "066", "033"]}]}
      """, to: "patterns.json")
    let (own, file, run) = (
      [model, "--patterns", home["patterns.json"]], home["own.json"], home["own.sqlite"]
    )
    let search = ["search"] + own + ["--target", "0.55", "--steps", "2", "--images", "100"]
    _ = try home.sculpts(search + ["--episodes", "1", "--record", run, "-o", file])
    let strategy = try home.text("own.json")
    #expect(strategy.contains(#""masks""#))
    #expect(!strategy.contains(#""density""#))

    let whole = try home.sculpts(["evaluate"] + own + ["--strategy", file, "--json"]).output
    #expect(try number("macs", in: whole) == number("macs", in: strategy))
    #expect(try home.sculpt("evaluate", model, "--strategy", file, "--json") == whole)
    _ = try home.sculpts(["export"] + own + ["--strategy", file, "-o", home["own"]])
    let exported = try home.sculpt("evaluate", home["own/model.json"], "--json")
    #expect(try number("correct", in: exported) == number("correct", in: whole))
    #expect(try home.runs(.explorer, own + ["--once"]).output.contains("conv1"))

    // A run goes on with no other patterns than its own.
    _ = try home.sculpts(search + ["--episodes", "2", "--resume", run])
    try home.refuses(
      1, #"own\.sqlite.*--patterns"#, ["search", model, "--episodes", "2", "--resume", run])
    try home.refuses(
      1, #"own\.sqlite.*--engine native"#,
      ["search", model, "--engine", "onnx", "--episodes", "2", "--resume", run])
  }

  @Test func whatIsNoPatternLibraryIsRefusedInOneLine() throws {
    try home.writes(
      #"{"format": "sculpt-patterns", "version": 1, "patterns": [{"family": "taps", "masks": ["279"]}]}"#,
      to: "bad.json")
    for command in ["inspect", "evaluate", "search", "compare", "sensitivity", "latency"] {
      try home.refuses(
        1, #"bad\.json.*pattern 1.*'279'.*write"#,
        [command, model, "--patterns", home["bad.json"]])
    }
    for name in ["bad", "nowhere"] {
      try home.refuses(
        1, #"\#(name)\.json"#, .explorer, [model, "--patterns", home["\(name).json"]])
    }
  }
}
