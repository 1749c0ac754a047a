import Foundation
import PseudoTerminal
import TestSupport
import Testing

/// `sculpt train` and `sculpt finetune`.
@Suite struct TrainingTests {
  private let home: Home
  private let model: String
  private let recipe: String

  init() throws {
    home = try Home()
    model = try home.smallModel()
    recipe = home["models/recipe.json"]
    try home.writes(
      """
      {"format": "sculpt-recipe", "version": 1, "model": "small.json",
       "data": {"train": {"images": "data/small-images", "labels": "data/small-labels"}, "holdout": 100},
       "epochs": 3, "batch": 50, "learning_rate": 0.05, "augmentation": {"crop": 2, "flip": true}, "ema": 0.9}
      """, to: "models/recipe.json")
  }

  @Test func aTrainingThatWasKilledGoesOnToTheSameWeights() throws {
    let (whole, killed) = (home["whole"], home["killed"])
    let told = try home.sculpts(["train", recipe, "-o", whole, "--json"]).errors
    #expect(told.matches(of: /(?m)^epoch/).count == 3)
    try home.refuses(1, "is there|exists", ["train", recipe, "-o", whole])
    // --data starts from the working directory.
    try home.sculpt(
      "train", recipe, "--data", "small-images", "--epochs", "1", "-o", home["relative"],
      in: home["models/data"])

    let user = try User(
      home, starts: home.launch(.sculpt, ["train", recipe, "-o", killed, "--threads", "1"]),
      columns: 120, seesErrors: true)
    try user.sees("^epoch 1 of 3: ")
    user.terminal.process.send(SIGKILL)
    #expect(user.terminal.process.wait() == 137)
    #expect(!home.holds("killed/model.json"))
    try home.refuses(1, "resume", ["train", recipe, "-o", killed])
    let resumed = try home.sculpts(["train", recipe, "-o", killed, "--resume"]).errors
    #expect(resumed.contains(/goes on after epoch [12] of 3/))
    #expect(
      try bytes(of: whole + "/weights.safetensors") == bytes(of: killed + "/weights.safetensors"))

    // A checkpoint that is damaged.
    let cut = home["cut"]
    try FileManager.default.createDirectory(atPath: cut, withIntermediateDirectories: true)
    _ = try home.folder.write(
      try bytes(of: killed + "/checkpoint.sculpt").prefix(3000), to: "cut/checkpoint.sculpt")
    try home.refuses(1, "damaged", ["train", recipe, "-o", cut, "--resume"])
  }

  @Test func aFineTunedModelIsAsAccurateAsItSays() throws {
    let strategy = home["pruned.json"]
    try home.sculpt(
      "search", model, "--episodes", "1", "--steps", "1", "--images", "50", "--target", "0.6", "-o",
      strategy)
    let outcome = try home.sculpts([
      "finetune", model, "--strategy", strategy, "-o", home["tuned"], "--epochs", "2", "--json",
    ])
    #expect(outcome.errors.contains(/validation .* dense, .* pruned to/))
    let evaluation = try home.sculpt("evaluate", home["tuned/model.json"], "--json")
    #expect(try number("validation", in: outcome.output) == number("accuracy", in: evaluation))

    try FileManager.default.removeItem(atPath: recipe)
    try home.refuses(
      1, "recipe.json.*--recipe", ["finetune", model, "--strategy", strategy, "-o", home["none"]])
  }

  @Test func wrongRecipesAndMissingImagesAreRefusedInOneLine() throws {
    let text = try home.text("models/recipe.json")
    try home.writes(
      text.replacingOccurrences(of: #""epochs": 3"#, with: #""epochs": 0"#), to: "models/none.json")
    try home.refuses(
      1, "'epochs' must be", ["train", home["models/none.json"], "-o", home["none"]])
    try home.writes(
      text.replacingOccurrences(of: "small-images", with: "gone"), to: "models/gone.json")
    try home.refuses(1, "data/gone", ["train", home["models/gone.json"], "-o", home["none"]])
  }
}
