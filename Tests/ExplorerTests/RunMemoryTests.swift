import Explorer
import Foundation
import Metrics
import Patterns
import Search
import TerminalKit
import Testing

/// What of a run is there again when it is gone on with.
struct RunMemoryTests {
  /// The latest memory that is to be kept after keys.
  private func memory(of state: inout ExplorerState, after keys: String) throws -> RunMemory {
    var kept: RunMemory?
    for key in keys.split(separator: " ").compactMap({ Key(String($0)) }) {
      for case .remember(let memory) in update(&state, .key(key)) { kept = memory }
    }
    return try #require(kept)
  }

  @Test func anotherProgramsRunIsShownAndExportedButNotSearched() throws {
    var later = try Fixtures.ready()
    let state = try Fixtures.searched()
    var stored = stored(state.run, try #require(state.memory))
    stored.writer = .other(RunHolder("sculpt-tui, process 4711"))
    #expect(update(&later, .search(.resumed(stored))).allSatisfy { $0.isOfTheScreen })
    #expect(later.screen.notice?.text.contains("sculpt-tui, process 4711 writes") == true)
    #expect(view(later, size: Size(width: 120, height: 40)).text.contains("▶ following"))
    for keys in ["p", "n", "T", "space", "e", "f", "z", "I"] {
      #expect(later.press(keys).allSatisfy { $0.isOfTheScreen }, "\(keys)")
      #expect(later.overlay == nil, "\(keys)")
    }
    later.press("p")
    #expect(later.screen.notice?.text.contains("R enter, or --resume, takes it over") == true)
    later.press("x")
    #expect(later.overlay != nil)
    // Once that has ended.
    later.model.runPath = "/runs/1.sqlite"
    let summary = RunFolder.Summary(
      path: "/runs/1.sqlite", model: "small", created: "", episodes: 6, digest: "abc")
    later.take([.key(.escape), .storedRuns([RunOutcome(summary)])])
    #expect(later.press("R enter").contains(.resume("/runs/1.sqlite")))
    #expect(later.run.writer == nil)
  }

  @Test func aRunIsFollowed() throws {
    var state = try Fixtures.ready()
    let writer = RunWriter.other(RunHolder("sculpt, process 4711"))
    var pins = state.model.dense
    func follow(_ episodes: Range<Int>, _ target: Target, _ writer: RunWriter) -> [Effect] {
      var settings = state.run.settings
      settings.target = target
      let episodes = episodes.map { number in
        Episode(
          number: number, steps: [Fixtures.step(number: number, in: state)], multiplier: 1,
          target: target)
      }
      return update(
        &state,
        .search(
          .followed(
            StoredRun(
              settings, pins: pins, multiplier: 3, episodes: episodes, writer: writer))
        ))
    }
    func header() -> String {
      view(state, size: Size(width: 120, height: 40)).text.split(separator: "\n")
        .first.map(String.init) ?? ""
    }
    var effects = state.take([
      .search(.resumed(StoredRun(state.run.settings, pins: state.model.dense, writer: writer)))
    ])
    effects += follow(1..<3, Target(0.5), writer)
    #expect(state.run.history.episodes.map(\.number) == [1, 2])
    #expect(state.run.live == state.run.history.lastStep?.strategy)
    #expect(header().contains("▶ following") && header().contains("ep 2 ● LIVE"))

    // Its user aims elsewhere; the one who looks on looks at an earlier episode.
    state.press("[")
    let viewing = state.run.viewing
    effects += follow(3..<4, Target(0.35), writer)
    #expect(state.run.aim == Aim(Target(0.35)) && state.run.multiplier == 3)
    #expect(state.run.history.episodes.map(\.target) == [0.5, 0.5, 0.35].map { Target($0) })
    #expect(state.run.viewing == viewing && viewing != .live)
    state.press("]")
    #expect(header().contains("/ 35 %"))

    effects += follow(4..<5, Target(0.35), .nobody)
    #expect(state.run.history.episodes.count == 4 && header().contains("■ ended"))
    #expect(state.screen.notice?.text.contains("no program writes into this run now") == true)
    for keys in ["p", "n", "T", "space", "e", "f", "v", "z", "I"] {
      effects += state.press(keys)
      #expect(state.overlay == nil, "\(keys)")
    }
    #expect(effects.allSatisfy { $0.isOfTheScreen }, "\(effects)")
    // Whoever goes on with it is followed again, and may have pinned something.
    pins.choices[0] = try #require(state.model.space.units[0].menu.last)
    pins.pins[0] = true
    effects = follow(5..<5, Target(0.35), writer)
    #expect(header().contains("▶ following") && state.run.live == pins)
    effects += follow(5..<6, Target(0.35), writer)
    #expect(state.run.live.pins == pins.pins && state.run.live.choices[0] == pins.choices[0])
    #expect(state.run.history.episodes.count == 5 && effects.allSatisfy { $0.isOfTheScreen })
  }

  /// A run as it is read again, perhaps some episodes later than it was remembered.
  private func stored(
    _ run: RunState, _ memory: RunMemory, later episodes: [Episode] = []
  ) -> StoredRun {
    StoredRun(
      run.settings, pins: pins(of: run.live), episodes: run.history.episodes + episodes,
      memory: memory.data)
  }

  @Test func everythingComesBack() throws {
    var state = try Fixtures.searched()
    try state.select("layer2.conv1")
    state.press("enter")
    try state.select("layer1.conv1")
    state.press("e G enter T ^u 3 5 enter w 2 enter")
    let losses = state.model.space.units.map { $0.menu.map { $0 == .dense ? 0 : Float(0.25) } }
    state.take([.search(.sensitivity(Sensitivity(losses: ChoiceTable(rows: losses))))])
    state.press("v")
    let swept = Fixtures.step(number: 90, in: state)
    state.take([.search(.swept(Target(0.25), swept, left: 3))])
    let memory = try memory(of: &state, after: "esc 4 +")
    let run = state.run

    var later = try Fixtures.ready()
    let effects = later.take([.search(.resumed(stored(run, memory)))])
    #expect(later.run.live == run.live)
    #expect(later.run.aim == Aim(Target(0.35), multiplier: 2))
    #expect(later.run.log == run.log)
    #expect(later.run.edits == run.edits)
    #expect(later.run.sweep == run.sweep && later.run.sweep?.points.map(\.step) == [swept])
    #expect(later.layers.rows == state.layers.rows)
    #expect(later.screen.focus == .pareto && later.screen.isZoomed)
    // The search knows everything; the strategy has no measurement yet.
    #expect(effects == [.measure(run.live), .summarize(run.live), .keep(later.screen.preferences)])
  }

  @Test func liveFollowsAfterAResume() throws {
    var state = try Fixtures.searched()
    try state.select("layer1.conv1")
    let memory = try memory(of: &state, after: "space")
    var later = try Fixtures.ready()
    later.take([.search(.resumed(stored(state.run, memory)))])
    #expect(later.run.live == state.run.live)
    let step = Fixtures.step(number: 77, in: later)
    later.take([.search(.step(step))])
    #expect(later.run.live == step.strategy)
  }

  @Test func laterEpisodesWinOverTheUsersStrategy() throws {
    var state = try Fixtures.searched(episodes: 2)
    try state.select("stem")
    let memory = try memory(of: &state, after: "space")
    let last = Fixtures.step(number: 50, in: state)
    let episode = Episode(number: 3, steps: [last], multiplier: 1, target: Target(0.5))
    var later = try Fixtures.ready()
    later.take([.search(.resumed(stored(state.run, memory, later: [episode])))])
    #expect(later.run.live == last.strategy)
  }

  @Test func aSearchThatHadNotBegunIsToldEverything() throws {
    var state = try Fixtures.ready()
    try state.select("stem")
    let memory = try memory(of: &state, after: "space T ^u 3 5 enter")
    var later = try Fixtures.ready()
    let effects = later.take([
      .search(
        .resumed(StoredRun(SearchSettings(), pins: later.model.dense, memory: memory.data)))
    ])
    #expect(effects.prefix(2) == [.pin(pins(of: state.run.live)), .steer(Aim(Target(0.35)))])
    #expect(later.run.live == state.run.live)
  }

  @Test func nothingIsKeptWhereNothingWasDone() throws {
    var state = try Fixtures.ready()
    let effects = ["4", "+", "enter", "j"].flatMap { update(&state, .key(Key($0) ?? .enter)) }
    #expect(!effects.contains { if case .remember = $0 { true } else { false } })
    var readOnly = try Fixtures.searched(isReadOnly: true)
    #expect(update(&readOnly, .key(.character("+"))).isEmpty)
  }

  @Test func aSearchGoesOnThoughItsMemoryCannotBeKept() throws {
    var state = try Fixtures.searched()
    #expect(update(&state, .search(.notKept("run.sqlite: the disk is full"))).isEmpty)
    #expect(state.screen.notice?.text == "changes are not kept: run.sqlite: the disk is full")
    #expect(state.press("n") == [.playEpisode])
  }

  @Test(arguments: ["", "{}", "{\"aim\": 3}"])
  func whatIsNoMemoryIsNone(text: String) throws {
    var state = try Fixtures.ready()
    #expect(RunMemory(Data(text.utf8), in: state.model.space) == nil)
    var other = try memory(of: &state, after: "space")
    other.aim.target = Target(7)
    #expect(RunMemory(other.data, in: state.model.space) == nil)
  }

  /// The pins alone.
  private func pins(of strategy: Strategy) -> Strategy {
    var pins = strategy
    for unit in pins.choices.indices where !pins.pins[unit] { pins.choices[unit] = .dense }
    return pins
  }
}

extension Effect {
  /// Whether it neither changes the run nor asks the search for anything but measurements.
  fileprivate var isOfTheScreen: Bool {
    switch self {
    case .measure, .summarize, .keep, .observe: true
    default: false
    }
  }
}
