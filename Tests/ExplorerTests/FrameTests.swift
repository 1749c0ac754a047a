import Explorer
import Foundation
import Metrics
import ModelGraph
import Patterns
import Search
import TerminalKit
import Testing

/// Whole screens as text. `SCULPT_RECORD=1 swift test --filter FrameTests` writes them anew.
struct FrameTests {
  static let sizes = [(80, 24), (120, 40), (200, 60), (60, 20), (20, 5), (1, 1)]
  static let scenes = [
    "launched", "ready", "searched", "past", "pinned", "editor", "drawing", "export", "help",
    "palette", "filter", "quit", "failed", "tuning", "cancelling", "tuned", "model", "differences",
    "comparison", "log", "target", "pins", "themes", "runs", "timed",
    "latency", "front", "curves", "explained", "images", "tune", "steps", "detail",
    "swept",
  ]

  static func scene(_ name: String, glyphs: GlyphSet = .braille) throws -> ExplorerState {
    var state = try Fixtures.searched(glyphs: glyphs)
    try state.select("layer1.conv1")
    switch name {
    case "launched": return try Fixtures.launched(glyphs: glyphs)
    case "ready": return try Fixtures.ready(glyphs: glyphs)
    case "past": state.press("[ [")
    case "pinned": state.press("space")
    case "editor": state.press("e down down")
    case "drawing": state.press("e d space down")
    case "export": state.press("x")
    case "help": state.press("?")
    case "explained": state.press("2 i")
    case "palette": state.press(": e p")
    case "images":
      state.press("I")
      state.take([.paste("/d/v")])
      let names = ["val.npz", "validation/"]
      state.take([.folder(PathCompletion(folder: "/d/", names: names, of: .images))])
      if case .data(let dialog) = state.overlay, let choice = dialog.choice {
        let accuracy = Accuracy(correct: 60, images: 64)
        state.take([.trial(DataTrial(choice, .accuracy(accuracy, of: 900, remark: nil)))])
      }
    case "tune":
      state.press("f")
      let estimate = FineTuneEstimate(images: 54_000, secondsPerEpoch: 100, learningRate: 0.01)
      state.take([.fineTuning(.estimated(state.run.shown, estimate))])
    case "steps": state.press("5 j j")
    case "swept":
      state.take([.search(.latencies(Fixtures.latencies(of: state.model.space)))])
      let losses = state.model.space.units.map { $0.menu.map { _ in Float(0.25) } }
      state.take([.search(.sensitivity(Sensitivity(losses: ChoiceTable(rows: losses))))])
      state.press("v +")
      for number in 0..<4 {
        let step = Fixtures.step(number: 90 + number, in: state)
        let target = Target(0.25 + 0.05 * Double(number))
        state.take([.search(.swept(target, step, left: 10 - number))])
      }
      let best = state.run.history.episodes[2].best.strategy
      state.take([
        .search(
          .timed(
            best,
            LatencyComparison(dense: Timings([1]), pruned: Timings([0.6]), ratio: Timings([0.6]))))
      ])
    case "detail":
      try state.select("layer1.conv2")
      let node = state.model.space.graph.index(of: "layer1.conv2") ?? 0
      if let histogram = Histogram([0, 0, 0, 1, 1, 2, 3, 5]) {
        state.take([.outputs(node, histogram)])
      }
      state.press("space 3 j j")
    case "filter": state.press("/ c o n v")
    case "quit":
      state.take([.search(.searching(true))])
      state.press("q")
    case "failed":
      state = try Fixtures.launched(glyphs: glyphs)
      state.take([.search(.loadingFailed("weights.safetensors: cannot be read"))])
    case "tuning", "cancelling", "tuned", "model":
      state = try Fixtures.tuning(glyphs: glyphs)
      if name == "cancelling" { state.press("f") }
      if name == "tuned" || name == "model", let tuned = state.run.fineTuning?.strategy {
        state.take([.fineTuning(.finished(Fixtures.result(of: tuned, in: state)))])
      }
      if name == "model" { state.press("x up up up up") }
    case "differences": state.press("c [ [")
    case "comparison": state.press("c [ D")
    case "log": state.press("space z space a")
    case "target": state.press("T backspace")
    case "pins": state.press("P down")
    case "themes": state.press("t down")
    case "runs": state = try Fixtures.withStoredRuns(glyphs: glyphs)
    case "timed":
      state.take([.search(.latencies(Fixtures.latencies(of: state.model.space)))])
      state.press("s = =")
    case "front":
      state.take([.search(.latencies(Fixtures.latencies(of: state.model.space)))])
      state.press("4 + h h")
    case "curves":
      state.take([.search(.latencies(Fixtures.latencies(of: state.model.space)))])
      state.press("2 + T ^u 3 0 enter")
      for number in 7...9 {
        let steps = [Fixtures.step(number: number, in: state)]
        let episode = Episode(number: number, steps: steps, multiplier: 1, target: Target(0.3))
        state.take([.search(.episode(episode, multiplier: 1))])
      }
    case "latency":
      state.take([.search(.latencies(Fixtures.latencies(of: state.model.space)))])
      state.press("T tab ^u 7 0 enter")
      state.press("T")
    default: break
    }
    return state
  }

  @Test(arguments: scenes, ["", "-ascii"])
  func screens(name: String, kind: String) throws {
    var text = ""
    let state = try Self.scene(name, glyphs: kind.isEmpty ? .braille : .ascii)
    for (width, height) in Self.sizes {
      let frame = view(state, size: Size(width: width, height: height))
      text += "== \(width)x\(height)\n\(frame.text)\n"
    }
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Snapshots/\(name)\(kind).txt")
    if ProcessInfo.processInfo.environment["SCULPT_RECORD"] != nil {
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: path)
    }
    #expect(text == String(decoding: try Data(contentsOf: path), as: UTF8.self))
  }

  /// Every small size, and some of the larger ones.
  private static let manySizes: [(Int, Int)] = {
    let heights = Array(1...26) + stride(from: 28, through: 60, by: 8)
    return (Array(1...30) + stride(from: 31, through: 120, by: 7)).flatMap { width in
      heights.map { (width, $0) }
    }
  }()

  @Test(arguments: scenes)
  func everySizeIsDrawn(name: String) throws {
    let state = try Self.scene(name)
    for (width, height) in Self.manySizes {
      let size = Size(width: width, height: height)
      #expect(view(state, size: size).size == size)
    }
  }

  @Test(arguments: scenes)
  func asciiIsASCIIAtAnySize(name: String) throws {
    let state = try Self.scene(name, glyphs: .ascii)
    for (width, height) in Self.manySizes {
      let frame = view(state, size: Size(width: width, height: height))
      #expect(frame.text.utf8.allSatisfy { $0 < 0x80 })
    }
  }

  @Test(arguments: scenes)
  func everyKeyIsSafeInEveryScene(name: String) throws {
    let keys = Keymap.bindings.flatMap(\.keys) + [.backspace, .delete, .function(5), .alt("x")]
    for size in [
      Size(width: 80, height: 24), Size(width: 12, height: 3), Size(width: 1, height: 1),
    ] {
      for key in keys {
        var state = try Self.scene(name)
        state.take([.resize(size), .key(key)])
        #expect(view(state, size: size).size == size)
        for point in [Point(x: 0, y: 0), Point(x: 60, y: 4), Point(x: 60, y: 20)] {
          state.take([.mouse(MouseEvent(.press(.left), at: point))])
          state.take([.mouse(MouseEvent(.wheelDown, at: point))])
        }
        #expect(view(state, size: size).size == size)
      }
    }
  }

  @Test(arguments: ["searched", "editor", "help"])
  func thePictureOfAScreenHasItsTextAndColours(name: String) throws {
    let folder = URL(filePath: #filePath).appending(path: "../../../Themes").standardizedFileURL
    let theme = try ThemeCatalog(directories: [folder.path]).theme(named: "nord")
    let frame = view(try Self.scene(name), size: Size(width: 140, height: 44))
    let picture = frame.svg(theme: theme)
    let texts = picture.matches(of: />([^<\n]+)<\/text>/).map { String($0.1) }.joined()
      .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    #expect(texts.filter { $0 != " " } == frame.text.filter { !$0.isWhitespace })
    for role in [Role.background, .text, .border, .accent, .good, .selection] {
      guard case .rgb(let color) = theme.color(for: role) else { continue }
      let digits = [color.red, color.green, color.blue].map { String(format: "%02x", $0) }
      #expect(picture.contains("fill=\"#\(digits.joined())\""), "\(role)")
    }
  }

  @Test func theNarrowScreenShowsOnePaneAtATime() throws {
    var state = try Self.scene("searched")
    for (key, title) in [
      ("1", "LAYERS"), ("2", "SCORE"), ("3", "DETAIL"), ("4", "PARETO"),
      ("5", "STEPS"), ("6", "LOG"),
    ] {
      state.press(key)
      let text = view(state, size: Size(width: 60, height: 20)).text
      #expect(text.contains(title))
    }
  }
}
