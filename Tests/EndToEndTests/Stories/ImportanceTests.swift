import PseudoTerminal
import TestSupport
import Testing

/// Which weights stay.
@Suite struct ImportanceTests {
  @Test func whatStaysFollowsTheImportance() throws {
    let home = try Home()
    let model = try home.smallModel()
    try home.writes(
      """
      {"format": "sculpt-strategy", "version": 1, "model": {"name": "resnet20-fashion"}, "program": "", "units": [
        {"unit": "layer2.1.conv1.channels", "pinned": false, "choice": {"family": "filter", "density": "1/2"}},
        {"unit": "layer3.1.conv1.taps", "pinned": false, "choice": {"family": "taps", "density": "4/9"}}]}
      """, to: "halved.json")
    func weights(_ importance: String, _ options: String...) throws -> [UInt8] {
      let folder = home[([importance] + options).joined()]
      _ = try home.sculpts(
        [
          "export", model, "--strategy", home["halved.json"], "--correction", "none",
          "--importance", importance, "-o", folder,
        ] + options)
      return try bytes(of: folder + "/weights.safetensors")
    }
    let taylor = try weights("taylor")
    #expect(Set([try weights("energy"), taylor, try weights("reconstruction")]).count == 3)
    #expect(try weights("taylor", "--threads", "1") == taylor)

    let uncalibrated = try home.variant(
      "uncalibrated", #"(?s)"calibration": \{.*?\},"#, "")
    let strategy = ["--strategy", home["halved.json"], "--importance", "taylor"]
    try home.refuses(
      1, #"uncalibrated\.json.*--calibration"#, ["evaluate", uncalibrated] + strategy)
    try home.refuses(2, "importance", ["evaluate", model, "--importance", "size"])
  }
}
