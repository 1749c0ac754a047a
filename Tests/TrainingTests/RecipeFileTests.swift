import Formats
import Foundation
import Tensors
import TestSupport
import Testing
import Training

@Suite struct RecipeFileTests {
  private static let full = """
    {"format": "sculpt-recipe", "version": 1, "model": "model.json",
     "data": {"train": {"images": "a.gz", "labels": "b.gz"}, "holdout": 5000},
     "seed": 18446744073709551615, "epochs": 30, "batch": 64,
     "optimizer": {"kind": "sgd", "momentum": 0.8, "nesterov": false},
     "learning_rate": 0.1, "weight_decay": 5e-4,
     "schedule": {"kind": "cosine", "warmup_epochs": 2, "final": 0.0},
     "clip_norm": 1.0, "label_smoothing": 0.1, "ema": 0.999,
     "augmentation": {"crop": 2, "flip": true, "cutout": 8, "mixup": 0.2}}
    """

  private func read(_ json: String) throws -> Recipe {
    let folder = try TemporaryFolder()
    return try Recipe.read(at: folder.write(json.utf8, to: "recipe.json"))
  }

  @Test func readsEverything() throws {
    let folder = try TemporaryFolder()
    let recipe = try Recipe.read(at: folder.write(Self.full.utf8, to: "recipe.json"))
    #expect(
      recipe
        == Recipe(
          model: "model.json", train: .idx(images: "a.gz", labels: "b.gz"), holdout: 5000,
          folder: folder.path, seed: .max, epochs: 30, batch: 64,
          optimizer: .sgd(momentum: 0.8, isNesterov: false), learningRate: 0.1, weightDecay: 5e-4,
          schedule: .cosine(warmupEpochs: 2, final: 0), clipNorm: 1, labelSmoothing: 0.1,
          averageDecay: 0.999,
          augmentation: Augmentation(crop: 2, isFlipping: true, cutout: 8, mixup: 0.2)))
    #expect(recipe.modelPath == folder["model.json"])
    #expect(recipe.trainSource == .idx(images: folder["a.gz"], labels: folder["b.gz"]))
  }

  @Test func whatIsLeftOutIsAsInCode() throws {
    let recipe = try read(
      #"{"format": "sculpt-recipe", "version": 1, "model": "m.json", "learning_rate": 0.2, "#
        + #""data": {"train": {"npz": "d.npz"}, "holdout": 1}, "epochs": 3}"#)
    #expect(
      recipe
        == Recipe(
          model: "m.json", train: .archive("d.npz"), holdout: 1, folder: recipe.folder, epochs: 3,
          learningRate: 0.2))
  }

  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func whatIsWrittenIsReadBack(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var recipe = generator.recipe()
    #expect(recipe.fault == nil)
    let folder = try TemporaryFolder()
    let path = try folder.write(recipe.json.utf8, to: "recipe.json")
    recipe.folder = folder.path
    #expect(try Recipe.read(at: path) == recipe)
    // The paths lie in the folder, so that the file does not depend on where it was written from.
    try recipe.write(to: folder["copy.json"])
    #expect(try Recipe.read(at: folder["copy.json"]) == recipe)
    #expect(throws: FormatError.self) { try recipe.write(to: folder["copy.json"]) }
  }

  /// What is replaced by what, and what the error must name.
  static let mistakes: [(String, String, String)] = [
    ("sculpt-recipe", "sculpt-model", "'sculpt-model'"),
    ("\"version\": 1", "\"version\": 2", "version 2"),
    ("\"model\": \"model.json\",", "", "'model' is missing"),
    ("model.json", "", "'model' must be a string"),
    ("\"seed\"", "\"sead\"", "'sead' means nothing"),
    ("18446744073709551615", "-1", "'seed'"),
    ("18446744073709551615", "1.5", "'seed'"),
    ("18446744073709551615", "\"a\"", "'seed'"),
    ("\"holdout\": 5000", "\"hold\": 1", "'holdout' is missing"),
    ("\"holdout\": 5000", "\"holdout\": 0", "'holdout' must be at least 1"),
    ("\"holdout\": 5000", "\"holdout\": 1, \"test\": {}", "'test' means nothing"),
    ("\"images\": \"a.gz\", ", "", "no data are named"),
    ("\"train\"", "\"learn\"", "'train' is missing"),
    ("\"epochs\": 30,", "", "'epochs' is missing"),
    ("\"epochs\": 30", "\"epochs\": 0", "'epochs' must be from 1 to 100000"),
    ("\"epochs\": 30", "\"epochs\": 100001", "'epochs' must be from 1 to 100000"),
    ("\"epochs\": 30", "\"epochs\": 2.5", "'epochs' must be a whole number"),
    ("\"epochs\": 30", "\"epochs\": 99999999999999999999", "'epochs'"),
    ("\"batch\": 64", "\"batch\": 0", "'batch' must be from 1 to 65536"),
    ("\"batch\": 64", "\"batch\": 65537", "'batch' must be from 1 to 65536"),
    ("\"kind\": \"sgd\"", "\"kind\": \"lion\"", "'lion'"),
    ("\"kind\": \"sgd\"", "\"kind\": \"adamw\"", "'momentum' means nothing"),
    ("\"momentum\": 0.8", "\"momentum\": 1", "'momentum' must be from 0"),
    ("\"nesterov\": false", "\"nesterov\": \"yes\"", "'nesterov'"),
    (
      "\"momentum\": 0.8, \"nesterov\": false", "\"momentum\": -0.1", "'momentum' must be from 0"
    ),
    (
      "{\"kind\": \"sgd\", \"momentum\": 0.8, \"nesterov\": false}",
      "{\"kind\": \"adamw\", \"beta1\": 1}", "'beta1' must be"
    ),
    (
      "{\"kind\": \"sgd\", \"momentum\": 0.8, \"nesterov\": false}",
      "{\"kind\": \"adamw\", \"beta2\": -1}", "'beta2' must be"
    ),
    (
      "{\"kind\": \"sgd\", \"momentum\": 0.8, \"nesterov\": false}",
      "{\"kind\": \"adamw\", \"epsilon\": 0}", "'epsilon' must be"
    ),
    ("\"learning_rate\": 0.1", "\"learning_rate\": 0", "'learning_rate' must be positive"),
    ("\"learning_rate\": 0.1", "\"learning_rate\": 1e99", "'learning_rate' must be a finite"),
    ("\"learning_rate\": 0.1", "\"learning_rate\": null", "'learning_rate' must be a finite"),
    ("5e-4", "-5e-4", "'weight_decay' must not be negative"),
    ("\"kind\": \"cosine\"", "\"kind\": \"steps\"", "'steps'"),
    ("\"kind\": \"cosine\"", "\"kind\": \"one_cycle\"", "means nothing here"),
    ("\"warmup_epochs\": 2", "\"warmup_epochs\": -1", "'warmup_epochs' must be"),
    ("\"warmup_epochs\": 2", "\"warmup_epochs\": 1e30", "'warmup_epochs' must be"),
    ("\"final\": 0.0", "\"final\": 1.5", "'final' must be"),
    (
      "{\"kind\": \"cosine\", \"warmup_epochs\": 2, \"final\": 0.0}",
      "{\"kind\": \"one_cycle\", \"peak_at\": 1}", "'peak_at' must be"
    ),
    ("\"clip_norm\": 1.0", "\"clip_norm\": 0", "'clip_norm' must be positive"),
    ("\"label_smoothing\": 0.1", "\"label_smoothing\": 1", "'label_smoothing' must be"),
    ("\"ema\": 0.999", "\"ema\": 1", "'ema' must be"),
    ("\"ema\": 0.999", "\"ema\": true", "'ema' must be a finite number"),
    ("\"crop\": 2", "\"crop\": -1", "'crop' must be"),
    ("\"crop\": 2", "\"rotate\": 1", "'rotate' means nothing"),
    ("\"crop\": 2", "\"resized_crop\": 0", "'resized_crop' must be"),
    ("\"crop\": 2", "\"crop\": 2, \"resized_crop\": 0.3", "exclude each other"),
    ("\"crop\": 2", "\"color\": 1.5", "'color' must be"),
    ("\"cutout\": 8", "\"cutout\": 1000000", "'cutout' must be"),
    ("\"mixup\": 0.2", "\"mixup\": 0", "'mixup' must be"),
    ("\"flip\": true", "\"flip\": 2", "'flip' must be"),
    ("{\"crop\": 2, \"flip\": true, \"cutout\": 8, \"mixup\": 0.2}", "[]", "must be an object"),
  ]

  @Test(arguments: mistakes)
  func mistakesAreNamed(old: String, new: String, message: String) throws {
    #expect(Self.full.contains(old))
    let error = #expect(throws: FormatError.self) {
      try read(Self.full.replacingOccurrences(of: old, with: new))
    }
    let text = "\(try #require(error))"
    #expect(text.contains(message), "\(text)")
    #expect(!text.contains("\n"))
  }

  /// Whatever is changed in a recipe, it is read or refused, never a trap.
  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func damagedRecipesDoNotTrap(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var bytes = Array(Self.full.utf8)
    for _ in 0..<(1 + generator.index(below: 4)) {
      let alphabet = Array("0123456789-eE.{}[],:\"tn".utf8)
      bytes[generator.index(below: bytes.count)] = alphabet[generator.index(below: alphabet.count)]
    }
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes, to: "recipe.json")
    if let recipe = try? Recipe.read(at: path) { #expect(recipe.fault == nil) }
  }

  @Test func aRecipeOutOfRangeIsNotWritten() throws {
    let folder = try TemporaryFolder()
    let recipe = Recipe(
      model: "m", train: .archive("d"), holdout: 1, epochs: 1, learningRate: .nan)
    let error = #expect(throws: FormatError.self) { try recipe.write(to: folder["r.json"]) }
    #expect("\(try #require(error))".contains("'learning_rate'"))
  }
}
