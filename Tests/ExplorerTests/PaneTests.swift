import Explorer
import Foundation
import Metrics
import ModelGraph
import Patterns
import Search
import TerminalKit
import Testing

/// Each pane has the keyboard, the wheel and the mouse.
struct PaneTests {
  private let size = Size(width: 80, height: 24)

  private func text(_ state: ExplorerState, _ size: Size? = nil) -> String {
    view(state, size: size ?? self.size).text
  }

  @Test func theBarOfTheSelectedRowKeepsItsColours() throws {
    let state = try Fixtures.searched()
    let frame = view(state, size: Size(width: 120, height: 40))
    let y = try #require((0..<40).first { frame[Point(x: 0, y: $0)]?.text == "▶" && $0 > 1 })
    let cells = (0..<120).compactMap { frame[Point(x: $0, y: y)] }
    let bar = cells.filter { $0.text == "█" && $0.style.foreground == .palette(.series1) }
    #expect(!bar.isEmpty)
    for (theme, depth) in [(Theme.default, ColorDepth.ansi16), (.default, .mono)] {
      for cell in bar {
        #expect(!theme.resolve(cell.style, depth: depth).attributes.contains(.reverse))
      }
      // The row is seen all the same.
      #expect(theme.resolve(cells[1].style, depth: depth).attributes.contains(.reverse))
    }
  }

  @Test func stepsAreWalked() throws {
    var state = try Fixtures.searched()
    state.press("5")
    #expect(text(state).contains("STEPS"))
    state.press("j")
    #expect(state.run.viewing == .past(episode: 5, step: 1))
    state.press("j")
    #expect(state.run.viewing == .past(episode: 5, step: 0))
    state.press("j")
    #expect(state.run.viewing == .past(episode: 4, step: 1))
    #expect(text(state).contains("◆5.2"))
    state.press("G")
    #expect(state.run.viewing == .past(episode: 0, step: 0) && text(state).contains("◆1.1"))
    state.press("g")
    #expect(state.run.viewing == .live)
  }

  @Test func theNumbersOfAStepHaveRoomInNarrowPanes() throws {
    var state = try Fixtures.searched()
    state.press("5")
    let lines = text(state).split(separator: "\n")
    let heading = try #require(lines.firstIndex { $0.contains("step   reward  MACs%   acc") })
    let step = try #require(state.run.history.episodes.last?.steps.last)
    let accuracy = Double(step.measurement.accuracy.correct) / 10
    #expect(lines[heading + 1].hasSuffix(" \(accuracy)"))
    // The rows below the heading are those that are clicked on.
    let place = Point(x: 60, y: heading + 2)
    state.take([.mouse(MouseEvent(.press(.left), at: place))])
    #expect(state.run.viewing == .past(episode: 5, step: 0))
  }

  @Test(arguments: [Size(width: 80, height: 24), Size(width: 120, height: 40)])
  func panesWithoutRoomAreNamed(size: Size) throws {
    var state = try Fixtures.searched()
    state.take([.resize(size)])
    let title = text(state, size).split(separator: "\n")[1]
    #expect(title.contains("5 STEPS  6 LOG"))
    state.press("5")
    #expect(text(state, size).split(separator: "\n")[1].contains("4 PARETO  6 LOG"))
    let x = try #require(
      (0..<size.width).first {
        view(state, size: size).click(at: Point(x: $0, y: 1)) == .key(.character("6"))
      })
    state.take([.mouse(MouseEvent(.press(.left), at: Point(x: x, y: 1)))])
    #expect(state.screen.focus == .log)
    state.press("1 space")
    let pinned = text(state, size).split(separator: "\n")[1]
    #expect(pinned.contains("5 STEPS  6 LOG  ") && pinned.contains("⚑"))
  }

  @Test func whatDiffersHasRoomInNarrowLists() throws {
    var state = try Fixtures.searched()
    try state.select("layer1.conv1")
    state.press("c e G enter")
    let row = try #require(text(state).split(separator: "\n").first { $0.hasPrefix("▶") })
    let unit = try #require(state.run.differingUnits.first)
    #expect(row.contains(state.run.reference.strategy.choices[unit].name + " "))
    state.press("k enter")
    #expect(text(state).contains("1 differ"))
    state.press("3")
    #expect(text(state).contains("folds or opens it"))
  }

  @Test func curvesHaveNoFinerAxisThanAnybodyCares() throws {
    var state = try Fixtures.searched(episodes: 1)
    var step = try #require(state.run.history.lastStep)
    step.measurement.cost.macs += state.model.space.denseCost.macs / 2000
    let episode = Episode(number: 2, steps: [step], multiplier: 1, target: Target(0.5))
    state.take([.search(.episode(episode, multiplier: 1))])
    let lines = text(state, Size(width: 200, height: 60)).split(separator: "\n")
    let title = try #require(lines.firstIndex { $0.contains("MACS KEPT") })
    let labels = lines[(title + 1)...].prefix(8).compactMap { line in
      line.matches(of: /│ *([0-9.]+)[┤┼]/).last.flatMap { Double($0.1) }
    }
    #expect(Set(labels).count == labels.count && labels.count > 1)
    #expect(try #require(labels.max()) - #require(labels.min()) >= 1.9)
  }

  @Test func aFailureIsToldWhole() throws {
    var state = try Fixtures.searched()
    let why =
      "/a/rather/long/path/to/some/folder/weights.safetensors: cannot be written: no space left on the device: "
      + "remove something"
    state.take([.failed(why)])
    let shown = text(state).split(separator: "\n").suffix(4).joined(separator: " ")
    for word in why.split(separator: " ").suffix(9) { #expect(shown.contains(word), "\(word)") }
    state.press("a")
    let log = text(state)
    for word in why.split(separator: " ").suffix(9) { #expect(log.contains(word), "\(word)") }
  }

  @Test func theLogIsScrolled() throws {
    var state = try Fixtures.searched()
    for _ in 0..<12 { state.press("space") }
    state.press("6")
    let first = text(state)
    state.press("j")
    #expect(text(state) != first)
    state.press("G k g")
    #expect(text(state) == first)
  }

  @Test func theDetailIsScrolledToItsEnd() throws {
    var state = try Fixtures.searched()
    try state.select("layer1.conv2")
    state.take([.outputs(5, try #require(Histogram([0, 0, 1, 2, 3])))])
    state.press("3 +")
    #expect(text(state, Size(width: 80, height: 14)).contains("↓↑"))
    var seen = text(state)
    for _ in 0..<60 {
      state.press("j")
      seen += text(state)
    }
    for part in [
      "kernel_shape [3, 3]", "layer1.conv2.weight", "weights   −0.4",
      "outputs   0.000", "zero 40%", "coupled   stem", "read by   layer1.conv1",
    ] {
      let isSeen = seen.contains(part)
      #expect(isSeen, "\(part)")
    }
    // Another layer is shown from its beginning.
    state.press("l")
    #expect(state.selectedName != "layer1.conv2" && text(state).contains("3 DETAIL layer1."))
  }

  @Test func theOutputsOfTheLayerThatIsLookedAtAreAskedFor() throws {
    var state = try Fixtures.ready()
    state.take([.resize(size)])
    try state.select("layer1.conv1")
    #expect(state.press("j").isEmpty)
    #expect(state.press("3 l").contains { if case .observe = $0 { true } else { false } })
    state.take([.resize(Size(width: 200, height: 60)), .key(.character("1"))])
    try state.select("stem")
    // The rectifier's, which is shown with its layer.
    let layer = try #require(state.model.space.graph.index(of: "layer1.relu1"))
    #expect(state.press("j j").contains(.observe(layer)))
  }

  @Test func aPinSaysWhatItHolds() throws {
    var state = try Fixtures.searched()
    try state.select("layer1.conv2")
    state.press("space")
    #expect(
      state.screen.notice?.text.contains("one choice of channels for stem, layer1.conv2") == true)
    #expect(text(state).contains("⚑ holds   stem"))
    state.press("space")
    let row = text(state).split(separator: "\n").first { $0.contains("stem") }
    #expect(row?.contains("⇄") == true)
  }

  @Test func aHistogramTakesWhateverFilesHold() throws {
    let values: [Float] = [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .nan, .infinity, 0]
    let histogram = try #require(Histogram(values))
    #expect(histogram.bins.reduce(0, +) == 3 && histogram.bins.last == 1)
    #expect(Histogram([]) == nil && Histogram([.nan]) == nil)
    #expect(Histogram([2, 2])?.bins.first == 2)
    var state = try Fixtures.searched()
    try state.select("layer1.conv2")
    state.take([.outputs(5, histogram)])
    state.press("3 +")
    #expect(text(state).contains("outputs"))
  }

  private func click(_ text: String, _ state: inout ExplorerState) throws -> [Effect] {
    let lines = view(state, size: size).text.split(
      separator: "\n", omittingEmptySubsequences: false)
    let y = try #require(lines.lastIndex { $0.contains(text) })
    let x = try #require(lines[y].range(of: text)).lowerBound
    let column = lines[y].distance(from: lines[y].startIndex, to: x)
    return state.take([.mouse(MouseEvent(.press(.left), at: Point(x: column, y: y)))])
  }

  @Test func keysAndAnswersAreClicked() throws {
    var state = try Fixtures.searched()
    state.take([.resize(size)])
    #expect(try click("p run", &state) == [.run])
    #expect(try click("? help", &state).isEmpty)
    #expect(state.overlay == .help(scroll: 0))
    state.press("q q")
    #expect(try click("esc stay", &state).isEmpty)
    #expect(state.overlay == nil)
    state.press("q")
    #expect(try click("q quit", &state) == [.quit])
  }

  @Test func rowsOfDialogsAreClicked() throws {
    var state = try Fixtures.searched()
    state.take([.resize(size)])
    state.press("t")
    #expect(try click("light", &state).isEmpty)
    #expect(try click("light", &state).first == .theme("light"))
    state.press("I")
    _ = try click("mean, std", &state)
    guard case .data(let dialog) = state.overlay else { throw Missing(name: "the dialog") }
    #expect(dialog.row == .input)
    // Beside the dialog nothing is clicked that lies below it.
    let selection = state.layers.selection
    state.take([.mouse(MouseEvent(.press(.left), at: Point(x: 10, y: 2)))])
    #expect(state.layers.selection == selection)
  }

  @Test func theWheelScrollsWhatIsUnderThePointer() throws {
    var state = try Fixtures.searched()
    state.take([.resize(Size(width: 200, height: 60))])
    let layout = view(state, size: Size(width: 200, height: 60)).text.split(separator: "\n")
    let y = try #require(layout.firstIndex { $0.contains("STEPS") }) + 2
    let selection = state.layers.selection
    state.take([.mouse(MouseEvent(.wheelDown, at: Point(x: 100, y: y)))])
    #expect(state.layers.selection == selection && state.run.shownEpisode == 4)
  }
}
