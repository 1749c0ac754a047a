import Explorer
import Formats
import Metrics
import Patterns
import Search
import TerminalKit
import Testing

/// The choice of images, and of how they become the model's input.
struct DataDialogTests {
  private let size = Size(width: 80, height: 24)

  private func dialog(_ state: ExplorerState) throws -> DataDialog {
    guard case .data(let dialog) = state.overlay else { throw Missing(name: "the dialog") }
    return dialog
  }

  private func choice(_ paths: [Split: String], _ input: InputChoice? = nil) -> DataChoice {
    var choice = DataChoice()
    for (split, path) in paths { choice[split] = path }
    choice.input = input
    return choice
  }

  @Test func theEffectIsSeenBeforeTheChoiceIsMade() throws {
    var state = try Fixtures.ready()
    state.model.ownImages = [.validation: "/own/t10k-images"]
    // What holds now is tried to be compared with.
    #expect(state.press("I") == [.list(""), .try(DataChoice())])
    #expect(view(state, size: size).text.contains("/own/t10k-images"))
    state.take([.folder(PathCompletion(folder: "", names: [], of: .images))])
    #expect(state.press("v") == [.try(choice([.validation: "v"]))])
    let (tried, accuracy) = (choice([.validation: "v"]), Accuracy(correct: 60, images: 64))
    state.take([.trial(DataTrial(tried, .reading))])
    #expect(view(state, size: size).text.contains("reading images"))
    state.take([
      .trial(
        DataTrial(tried, .accuracy(accuracy, of: 900, remark: "odd floats")))
    ])
    let text = view(state, size: size).text
    #expect(text.contains("93.75 % of 64 images") && text.contains("a sample of 900"))
    #expect(text.contains("now         92.50 % of 2000 images"))
    // What comes late is of something else.
    state.press("w")
    state.take([.trial(DataTrial(tried, .failed("late")))])
    #expect(!view(state, size: size).text.contains("late"))
  }

  @Test func pathsAreCompleted() throws {
    var state = try Fixtures.ready()
    state.press("I d")
    #expect(state.press("/") == [.list("d/"), .try(choice([.validation: "d/"]))])
    state.take([
      .folder(
        PathCompletion(folder: "d/", names: ["val.npz", "valley/", "notes.txt"], of: .images))
    ])
    #expect(try dialog(state).candidates == ["d/val.npz", "d/valley/"])
    state.press("tab")
    #expect(try dialog(state).field(.path(.validation))?.text == "d/val")
    state.press(". tab")
    #expect(try dialog(state).field(.path(.validation))?.text == "d/val.npz")
    // Pasted, it is tried as well.
    #expect(state.press("down").first == .list(""))
    #expect(
      state.take([.paste("/c.npz")]).contains(
        .try(choice([.validation: "d/val.npz", .calibration: "/c.npz"]))))
  }

  @Test func meanAndDeviationHavePresets() throws {
    var state = try Fixtures.ready()
    state.press("I up down down down")
    var seen: [InputPreset] = []
    for _ in 0..<4 {
      state.press("right")
      seen.append(try dialog(state).preset)
    }
    // ImageNet's and CIFAR's numbers are of three channels, which this model has not.
    #expect(seen == [.half, .none, .own, .model])
    state.press("left")
    state.press("down 0 . 5 down ^u 0")
    #expect(try dialog(state).choice == nil)
    #expect(state.press("enter").isEmpty)
    #expect(state.screen.notice?.text.contains("std above 0") == true)
    state.press("^u 0 . 2 5 up ^u 0 . 5")
    let input = InputChoice(mean: [0.5], deviation: [0.25])
    #expect(try dialog(state).choice == choice([:], input))
    #expect(DataDialog(choice([:], input), channels: 1).preset == .own)
    #expect(DataDialog(choice([:], InputPreset.cifar.input), channels: 3).preset == .cifar)
  }

  @Test func otherImagesBeginAnotherRunWithThePins() throws {
    var state = try Fixtures.searched()
    try state.select("layer1.conv1")
    state.press("space")
    state.take([.search(.searching(true))])
    let (pins, aim) = (state.run.live, state.run.aim)
    state.press("I")
    let effects = state.take([.paste("/v.npz"), .key(.enter)])
    let chosen = choice([.validation: "/v.npz"])
    #expect(effects.contains(.judge(chosen, keepingRun: true)) && effects.contains(.run))
    let told = effects.compactMap { if case .pin(let strategy) = $0 { strategy } else { nil } }
    #expect(told.map(\.pins) == [pins.pins])
    #expect(state.run.history.episodes.isEmpty && state.run.live.pins == pins.pins)
    #expect(state.run.aim == aim && state.model.baseline.measurement == nil)
    let notice = try #require(state.screen.notice?.text)
    #expect(notice.contains("the search begins anew") && notice.contains("stays on disk"))
    // It is kept with the run, and there again when that is gone on with.
    #expect(state.memory?.images == chosen)
    let memory = try #require(state.memory?.data)
    var later = try Fixtures.ready()
    later.take([
      .search(.resumed(StoredRun(later.run.settings, pins: later.model.dense, memory: memory)))
    ])
    #expect(later.model.data == chosen)
  }

  @Test func aChangeOfImagesIsUndoneWithTheRunThatItLeft() throws {
    var state = try Fixtures.searched()
    state.model.runPath = "/runs/1.sqlite"
    try state.select("stem")
    state.press("space I")
    state.take([.paste("/v.npz"), .key(.enter)])
    state.model.runPath = "/runs/2.sqlite"
    // Nothing of a run without episodes is left in the list.
    state.press("z")
    #expect(state.screen.notice?.text.contains("still being read") == true)
    state.load(digest: "abc", images: 900)
    #expect(state.press("z").contains(.resume("/runs/1.sqlite", keepingRun: false)))
    #expect(state.model.data == DataChoice())
    // What the run had in its own history comes back with it; the change can be made again.
    state.load(digest: "abc", images: 2000)
    let effects = state.press("Z")
    #expect(effects.contains(.judge(choice([.validation: "/v.npz"]), keepingRun: false)))
    #expect(state.model.data == choice([.validation: "/v.npz"]))
  }

  @Test func trainingImagesAreUndoneInPlace() throws {
    var state = try Fixtures.searched()
    state.press("I down down")
    state.take([.paste("/t.npz"), .key(.enter)])
    let episodes = state.run.history.episodes
    #expect(state.press("z") == [.train(DataChoice())])
    #expect(state.run.history.episodes == episodes)
  }

  @Test func trainingImagesDisturbNobody() throws {
    var state = try Fixtures.searched()
    let episodes = state.run.history.episodes
    state.press("I down down")
    let effects = state.take([.paste("/t.npz"), .key(.enter)])
    #expect(effects.suffix(2) == [.stopTrying, .train(choice([.train: "/t.npz"]))])
    #expect(state.run.history.episodes == episodes)
    #expect(state.screen.notice?.text.contains("the search goes on") == true)
    #expect(state.press("I esc").last == .stopTrying)
  }

  @Test func whatCannotBeReadIsNotChosen() throws {
    var state = try Fixtures.ready()
    state.press("I")
    state.take([.paste("/v.npz")])
    let why = "/v.npz: is not there: check the path"
    state.take([.trial(DataTrial(choice([.validation: "/v.npz"]), .failed(why)))])
    #expect(view(state, size: size).text.contains(why))
    #expect(state.press("enter").isEmpty)
    #expect(state.screen.notice == Notice(why, .refusal) && state.overlay != nil)
  }

  @Test func theReasonIsToldWhole() throws {
    var state = try Fixtures.ready()
    state.press("I")
    state.take([.paste("/t.npz")])
    let why =
      "/a/rather/long/path/to/the/images/train.npz: holds 4 images, of which the recipe holds out 100: "
      + "make 'holdout' smaller"
    state.take([.trial(DataTrial(choice([.validation: "/t.npz"]), .failed(why)))])
    let text = view(state, size: size).text
    for word in why.split(separator: " ").suffix(9) { #expect(text.contains(word), "\(word)") }
  }

  @Test func aModelWithoutImagesIsGivenSome() throws {
    var state = try Fixtures.launched()
    #expect(state.press("I").isEmpty)
    state.take([
      .search(.loadingFailed("model.onnx: names no validation data; name them by --data"))
    ])
    #expect(
      view(state, size: Size(width: 120, height: 40)).text.contains("or by I here"))
    state.press("I")
    let effects = state.take([.paste("/v.npz"), .key(.enter)])
    #expect(effects.contains(.judge(choice([.validation: "/v.npz"]), keepingRun: false)))
    #expect(state.run.work.loading == .underWay)
    #expect(state.screen.notice?.text == "judged by these images from now on")
    // Whoever goes on in another folder finds a relative path, too.
    state.take([.search(.loadingFailed("nothing"))])
    state.press("I ^u v")
    state.press("enter")
    #expect(state.model.data[.validation]?.hasPrefix("/") == true)
    var readOnly = try Fixtures.ready(isReadOnly: true)
    #expect(readOnly.press("I").isEmpty)
  }
}
