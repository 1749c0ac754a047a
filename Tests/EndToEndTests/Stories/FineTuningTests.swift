import Foundation
import PseudoTerminal
import TestSupport
import Testing

/// `f` trains what is shown.
@Suite struct FineTuningTests {
  private let home: Home

  init() throws { home = try Home() }

  @Test func withoutARecipeThereIsOneLine() throws {
    let user = try home.opensSmallModel("--recipe", home["nowhere.json"])
    try user.seesItLoaded()
    user.presses("f")
    try user.sees("f: nothing is pruned")
    user.presses("n")
    try user.sees("ep 1 ● LIVE", "■ paused")
    user.presses("f", .enter)
    try user.sees("✗ no recipe to train by: name one with --recipe PATH")
    #expect(try user.glances(for: "fine-tuning") == nil)
    try user.leaves()
  }

  @Test func itTrainsEpochByEpochAndWritesTheModel() throws {
    let user = try opensPrunedModel()
    user.presses("f", .enter)
    try user.sees("▶ fine-tuning", "epoch 1/3", "loss [0-9.]+  train [0-9.]+ %")
    user.presses("p")
    try user.sees("p: .* is being fine-tuned")
    user.presses("j")
    try user.sees(
      "epoch 1  *val. [0-9.]+ %", "epoch 3/3",
      "fine-tuned: [0-9.]+ → [0-9.]+ % validation in 3 epochs")
    user.presses("k")
    let accuracy = try user.readsNumber("fine-tuned [0-9.]+ %")
    try user.sees("★")
    let folder = try #require(try fineTuned.first)
    let evaluation = try home.sculpt("evaluate", folder + "/model.json", "--json")
    #expect(percent(try number("accuracy", in: evaluation)) == accuracy)

    user.presses("x")
    try user.sees("fine-tuned model, model.json")
    user.presses(.up, .up, .up, .up)
    try user.sees("▶ fine-tuned model, model.json")
    user.replaces(with: home["tuned"])
    user.presses(.enter)
    try user.sees(#"written: .*tuned/model\.json"#)
    #expect(
      try bytes(of: folder + "/weights.safetensors") == bytes(of: home["tuned/weights.safetensors"])
    )
    try user.leaves()
  }

  @Test func cancelledInMidEpochItGoesOnAfterTheLastOne() throws {
    let user = try opensPrunedModel()
    user.presses("f", .enter)
    try user.sees("epoch 2/3")
    try seesTheMiddleOfAnEpoch(user)
    user.presses("f")
    try user.sees(#"Cancel the fine-tuning\?"#)
    user.presses("f")
    let epoch = try user.readsNumber("after epoch [12] of 3")
    #expect(
      FileManager.default.fileExists(
        atPath: try #require(try fineTuned.first) + "/checkpoint.sculpt"))
    user.presses("f", .enter)
    try user.sees("goes on after epoch \(epoch) of 3")
    try seesTheMiddleOfAnEpoch(user)
    user.presses("q")
    try user.sees("Fine-tuning is under way")
    user.presses("q")
    try user.isBack()
  }

  @Test func aSignalInMidEpochLeavesTheTerminalAsItWas() throws {
    let user = try opensPrunedModel()
    user.presses("f", .enter)
    try seesTheMiddleOfAnEpoch(user)
    user.terminal.process.send(SIGTERM)
    try user.isBack(code: 143)
  }

  /// Folders with fine-tuned models beside their runs.
  private var fineTuned: [String] {
    get throws {
      let runs = home["data/sculpt/runs"]
      return try FileManager.default.contentsOfDirectory(atPath: runs)
        .filter { $0.contains("-finetuned-") }.map { "\(runs)/\($0)" }
    }
  }

  /// The small model with the stem's strongest pattern of taps, which leaves something to recover.
  private func opensPrunedModel() throws -> User {
    let user = try home.opensSmallModel()
    try user.seesItLoaded()
    try user.selects("conv1")
    user.presses("e")
    try user.sees("Pattern of conv1")
    user.presses("G", .enter)
    try user.seesNoMore("Pattern of")
    try user.sees("^▶.*⚑", "your strategy .* of 500 images( |$)")
    return user
  }

  private func seesTheMiddleOfAnEpoch(_ user: User) throws {
    try user.waits(for: "a batch in the middle of an epoch") { screen in
      screen.lines.contains { line in
        guard let match = line.firstMatch(of: /batch ([0-9]+)\/([0-9]+)/),
          let batch = Int(match.1), let count = Int(match.2)
        else { return false }
        return batch >= 2 && batch < count
      }
    }
  }
}
