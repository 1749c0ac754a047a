import PseudoTerminal
import Testing

/// Heads, neurons and tiles.
@Suite struct VisionTransformerTests {
  private let home: Home
  /// The model with few calibration images.
  private let model: [String]

  init() throws {
    home = try Home()
    _ = try home.smallModel()
    model = [Sample.transformer, "--calibration", home["models/data/few-images"]]
  }

  @Test func aPrunedOneIsWrittenAndExported() throws {
    let (file, folder, onnx) = (home["vit.json"], home["vit"], home["vit.onnx"])
    let search = ["--target", "0.5", "--episodes", "1", "--images", "100", "-o", file]
    _ = try home.sculpts(["search"] + model + search)
    #expect(try home.text("vit.json").contains(/"(head|neuron|tile)"/))
    // What the search knows of its choices.
    let choices = try home.sculpts(
      ["sensitivity"] + model + ["--images", "20", "--no-latency", "--json"])
    #expect(choices.output.contains(#""choice":"head-1/2""#))
    let strategy = model + ["--strategy", file]
    let dense = try number("parameters", in: home.sculpt("inspect", Sample.transformer, "--json"))
    let applied = try home.sculpts(["apply"] + strategy + ["-o", folder, "--json"]).output
    #expect(try number("parameters", in: applied) <= 0.55 * dense)
    _ = try home.sculpts(["export"] + strategy + ["-o", onnx])

    let images = ["--data", home["models/data/small-images"], "--json"]
    let whole = try home.sculpts(["evaluate"] + strategy + images).output
    for written in [folder + "/model.json", onnx] {
      let evaluation = try home.sculpts(["evaluate", written] + images).output
      #expect(try number("correct", in: evaluation) == number("correct", in: whole))
    }
  }

  @Test func menusFollowTheEngine() throws {
    let inspection = try home.sculpt(
      "inspect", Sample.transformer, "--engine", "tensorrt", "--json")
    #expect(inspection.contains(#""2:4""#))
  }
}
