import Explorer
import Foundation
import Search
import TerminalKit
import Testing

/// The screen when no model is named.
struct WelcomeTests {
  private func welcome(glyphs: GlyphSet = .braille) -> Welcome {
    var welcome = Welcome(samples: ["/s/resnet20-fashion", "/s/vit-fashion"], glyphs: glyphs)
    let runs = [(3, "/m/a.json"), (0, "/m/a.json"), (1, "/m/gone.json"), (1, "/m/b.onnx")]
    welcome.take(
      runs.enumerated().map { number, run in
        RunFolder.Summary(
          path: "/runs/\(number).sqlite", model: "Net \(number)", created: "2026-11-24T14:03:10Z",
          episodes: run.0, digest: "abc", source: run.1)
      } + [RunFolder.Summary(path: "/runs/old.sqlite", model: "Old", created: "", episodes: 9)],
      exists: { !$0.contains("gone") })
    return welcome
  }

  @Test func runsWithoutAModelOrAnEpisodeAreLeftOut() {
    #expect(welcome().entries.map(\.name) == ["resnet20-fashion", "vit-fashion", "Net 0", "Net 3"])
  }

  @Test func whatIsUnderTheCursorIsOpened() {
    var welcome = welcome()
    #expect(welcome.press(.enter) == .open(model: "/s/resnet20-fashion/model.json", run: nil))
    for _ in 0..<9 { #expect(welcome.press(.character("j")) == .stay) }
    #expect(welcome.press(.enter) == .open(model: "/m/b.onnx", run: "/runs/3.sqlite"))
    #expect(welcome.press(.control("z")) == .suspend)
    #expect(welcome.press(.character("q")) == .quit)
  }

  @Test func aPathIsTypedOrPasted() {
    var welcome = welcome()
    welcome.paste("/m/c.on\nnx")
    #expect(welcome.press(.character("q")) == .stay)
    #expect(welcome.press(.enter) == .open(model: "/m/c.on nxq", run: nil))
    #expect(welcome.press(.escape) == .stay)
    #expect(welcome.path == nil)
    var empty = Welcome(samples: [], glyphs: .ascii)
    #expect(empty.press(.enter) == .stay)
    #expect(empty.press(.escape) == .quit)
  }

  @Test func aPathIsCompleted() {
    var welcome = welcome()
    #expect(welcome.wantedFolder == nil)
    _ = welcome.press(.character("o"))
    #expect(welcome.wantedFolder == "")
    welcome.completion = PathCompletion(
      folder: "", names: ["models/", "more/", ".git/", "a.onnx", "notes.txt"])
    // The latest models come first.
    #expect(welcome.candidates == ["/m/a.json", "/m/b.onnx", "a.onnx", "models/", "more/"])
    _ = welcome.press(.character("m"))
    #expect(welcome.press(.tab) == .stay)
    #expect(welcome.path?.text == "mo")
    _ = welcome.press(.character("d"))
    _ = welcome.press(.tab)
    #expect(welcome.path?.text == "models/" && welcome.wantedFolder == "models/")
    welcome.completion = PathCompletion(folder: "models/", names: ["net.onnx", "deep/"])
    _ = welcome.press(.down)
    // A folder is gone into, a model opened.
    #expect(welcome.press(.enter) == .stay)
    #expect(welcome.path?.text == "models/deep/")
    welcome.completion = PathCompletion(folder: "models/deep/", names: ["model.json"])
    _ = welcome.press(.down)
    #expect(welcome.press(.enter) == .open(model: "models/deep/model.json", run: nil))
    #expect(welcome.press(.escape) == .stay)
    #expect(welcome.path != nil && welcome.candidate == nil)
    welcome.goInto("/models")
    #expect(welcome.path?.text == "/models/" && welcome.wantedFolder == "/models/")
  }

  @Test func theKeysAreThere() {
    var welcome = welcome()
    _ = welcome.press(.character("?"))
    let text = view(welcome, size: Size(width: 120, height: 60)).text
    #expect(text.contains("Compare") && text.contains("Run or pause the search"))
    _ = welcome.press(.escape)
    #expect(welcome.help == nil)
  }

  @Test func everySizeIsDrawn() {
    var typing = welcome(glyphs: .ascii)
    _ = typing.press(.character("o"))
    typing.problem = "nowhere.json: cannot be opened"
    var helping = welcome(glyphs: .ascii)
    helping.help = 3
    for state in [welcome(), typing, helping, Welcome(samples: [], glyphs: .ascii)] {
      for width in 1...120 {
        for height in 1...60 {
          let size = Size(width: width, height: height)
          #expect(view(state, size: size).size == size)
        }
      }
    }
  }

  @Test func lowScreensKeepTheCursorInSight() {
    var state = welcome()
    for _ in 0..<3 { _ = state.press(.down) }
    let text = view(state, size: Size(width: 80, height: 6)).text
    #expect(text.contains("▶ Net 3"))
  }
}
