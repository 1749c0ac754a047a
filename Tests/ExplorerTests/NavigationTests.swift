import Engine
import Explorer
import Patterns
import Search
import TerminalKit
import Testing

struct NavigationTests {
  @Test func timeTravel() throws {
    var state = try Fixtures.searched()
    #expect(state.run.viewing == .live)
    state.press("[")
    #expect(state.run.shownEpisode == 5)
    #expect(state.run.shown == state.run.history.episodes[5].best.strategy)
    state.press("[ [")
    #expect(state.run.shownEpisode == 3)
    state.press("] ] ]")
    #expect(state.run.viewing == .live)
    state.press("[ [ [ [ [ [ [ [")
    #expect(state.run.shownEpisode == 0)
    #expect(state.screen.notice?.text == "[: this is the first episode")
    state.press("esc")
    #expect(state.run.viewing == .live)
  }

  @Test func recordsBeatAllBefore() throws {
    var state = try Fixtures.searched(episodes: 12)
    var best = -1.0
    var expected: [Int] = []
    for (number, episode) in state.run.history.episodes.enumerated() where episode.score > best {
      best = episode.score
      expected.append(number)
    }
    #expect(state.run.history.records == expected)
    state.press("{")
    #expect(state.run.shownEpisode == expected.last)
    state.press("{")
    #expect(state.run.shownEpisode == expected.dropLast().last)
    state.press("}")
    #expect(state.run.shownEpisode == expected.last)
  }

  @Test func pastEpisodesStayWhileTheSearchGoesOn() throws {
    var state = try Fixtures.searched()
    state.press("[ [")
    let shown = state.run.shown
    state.take([.search(.searching(true)), .search(.step(Fixtures.step(number: 70, in: state)))])
    #expect(state.run.shown == shown)
  }

  @Test func frontIsWalkedByCost() throws {
    var state = try Fixtures.searched(episodes: 20)
    state.press("4")
    var costs: [Int] = []
    for _ in 0..<40 {
      state.press("left")
      costs.append(state.model.space.cost(of: state.run.shown).macs)
    }
    #expect(costs.last == state.run.history.front.steps.first?.measurement.cost.macs)
    #expect(state.screen.notice?.kind == .refusal)
  }

  @Test func filterFindsAndStepsThroughMatches() throws {
    var state = try Fixtures.ready()
    state.press("/ c o n v 2")
    #expect(state.selectedName == "layer1.conv2")
    state.press("enter >")
    #expect(state.selectedName == "layer2.conv2")
    state.press("<")
    #expect(state.selectedName == "layer1.conv2")
    state.press("esc")
    #expect(state.layers.filter.isEmpty)
  }

  @Test func aNameThatNobodyHasIsSaidSo() throws {
    var state = try Fixtures.ready()
    state.press("/ x y z")
    let text = view(state, size: Size(width: 80, height: 24)).text
    #expect(text.contains("/xyz") && text.contains("no layer's name holds “xyz”"))
    state.press("enter n")
    #expect(state.screen.notice?.text == "no layer's name holds “xyz”")
  }

  @Test func nGoesToTheNextMatchWhileANameIsSearchedFor() throws {
    var state = try Fixtures.ready()
    state.press("/ c o n v 2 enter n")
    #expect(state.selectedName == "layer2.conv2")
    state.press("N")
    #expect(state.selectedName == "layer1.conv2")
    #expect(state.press("esc n") == [.playEpisode])
  }

  @Test func filterOpensFoldedGroups() throws {
    var state = try Fixtures.ready()
    try state.select("layer2.conv1")
    state.press("enter g / d o w n")
    #expect(state.selectedName == "layer2.down")
  }

  @Test func keysAreTextWhereTextIsTyped() throws {
    var state = try Fixtures.ready()
    #expect(state.press("/ q p x").isEmpty)
    #expect(state.layers.filter == "qpx")
    state.take([.paste("\u{7}layer")])
    #expect(state.layers.filter == "qpxlayer")
  }

  @Test func paletteRunsWhatItFinds() throws {
    var state = try Fixtures.ready()
    #expect(state.press(": r u n enter") == [.run])
    state.press(": h e l p enter")
    #expect(state.overlay == .help(scroll: 0))
    state.press("esc : u n d o enter")
    #expect(state.screen.notice?.text == "z: nothing to undo yet")
  }

  @Test func fuzzyMatchingPrefersBeginningsOfWords() throws {
    let next = try #require(Palette.distance(of: "Next theme", from: "nt"))
    let other = Palette.distance(of: "Copy the strategy (JSON)", from: "nt") ?? .max
    #expect(next < other)
    #expect(Palette.distance(of: "Undo", from: "xyz") == nil)
  }

  @Test func everyKeyIsBoundOnce() {
    var seen: Set<Key> = []
    for binding in Keymap.bindings {
      #expect(!binding.keys.isEmpty, "\(binding.name) has no key")
      for key in binding.keys { #expect(seen.insert(key).inserted, "\(key) is bound twice") }
    }
  }

  @Test func disabledKeysSayWhy() throws {
    var state = try Fixtures.launched()
    for (key, why) in [
      ("p", "p: weights and images are still being read"),
      ("[", "[: no episode has ended yet; p starts the search"),
      ("z", "z: nothing to undo yet"), ("L", "L: this is live already"),
    ] {
      #expect(state.press(key).isEmpty)
      #expect(state.screen.notice == Notice(why, .refusal))
    }
    state.press("g")
    #expect(state.press("e").isEmpty)
    #expect(state.screen.notice?.text == "e: input has nothing that can be pruned")
  }

  @Test func quitAsksWhenSomethingWouldBeLost() throws {
    var state = try Fixtures.ready()
    #expect(state.press("q") == [.quit])
    state.take([.search(.searching(true))])
    #expect(state.press("q").isEmpty)
    #expect(state.press("esc").isEmpty)
    #expect(state.overlay == nil)
    state.take([.search(.searching(false))])
    try state.select("stem")
    state.press("space")
    #expect(state.press("q").isEmpty)
    #expect(state.press("q") == [.quit])
  }

  @Test(arguments: ["2", "4"])
  func keysOfTheLayersDoNothingElsewhere(pane: String) throws {
    var state = try Fixtures.searched()
    try state.select("layer1.conv1")
    state.press("\(pane) +")
    let (rows, live) = (state.layers.rows, state.run.live)
    for key in ["enter", "space", "P"] {
      #expect(state.press(key).isEmpty)
      #expect(
        state.screen.notice?.text
          == "\(key): the keyboard is in \(state.screen.focus.title); 1 goes to the layers, 3 to the selected one"
      )
    }
    #expect(state.layers.rows == rows && state.run.live == live && state.overlay == nil)
    // The detail pane shows the layer: it is pinned there, but nothing is folded that is not seen.
    state.press("3 enter")
    #expect(state.layers.rows == rows)
    state.press("space")
    #expect(state.run.live.pins.contains(true))
  }

  @Test func theQuestionToQuitIsADialog() throws {
    var state = try Fixtures.ready()
    try state.select("stem")
    state.press("space q")
    let asked = state.overlay
    // A key that is no answer is none.
    #expect(state.press("k j 7").isEmpty && state.overlay == asked)
    #expect(view(state, size: Size(width: 80, height: 24)).text.contains("[q quit]"))
    state.press("right")
    #expect(view(state, size: Size(width: 80, height: 24)).text.contains("[x export first]"))
    #expect(state.press("right enter").isEmpty)
    #expect(state.overlay == nil)
    state.press("q right enter")
    #expect({ if case .export = state.overlay { true } else { false } }())
  }

  @Test func pauseWorksBeforeTheWorkerHasConfirmedTheRun() throws {
    var state = try Fixtures.ready()
    #expect(state.press("p p") == [.run, .pause])
    #expect(!state.run.work.isSearching)
    #expect(state.press("n p") == [.playEpisode, .pause])
  }

  @Test func aClickSelectsALayer() throws {
    var state = try Fixtures.ready()
    state.take([.resize(Size(width: 80, height: 24))])
    state.take([.mouse(MouseEvent(.press(.left), at: Point(x: 10, y: 5)))])
    #expect(state.layers.selection == 3)
    state.take([.mouse(MouseEvent(.press(.left), at: Point(x: 70, y: 12)))])
    #expect(state.screen.focus == .detail)
  }
}
