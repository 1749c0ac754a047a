import Formats
import Foundation
import ModelGraph
import Patterns
import Pruning
import TestSupport
import Testing

@Suite struct LibraryTests {
  @Test func beginsWithAutoSculptsMasks() {
    let names = PatternLibrary.standard.patterns.prefix(6).map(\.name)
    #expect(names == ["000", "111", "007", "333", "077", "dense"])
  }

  @Test func menusBeginDenseAndRepeatNothing() throws {
    let space = PruningSpace(try SmallNetwork.model().graph)
    for unit in space.units {
      #expect(unit.menu.first == .dense)
      #expect(Set(unit.menu).count == unit.menu.count)
      #expect(unit.menu.count > 2)
    }
  }

  @Test(arguments: [
    #"{}"#, #"[]"#, #"{"format":"other","version":1,"patterns":[]}"#,
    #"{"format":"sculpt-patterns","version":1,"patterns":[]}"#,
    #"{"format":"sculpt-patterns","version":1,"patterns":[{"family":"\n\u001b[2J"}]}"#,
    #"{"format":"sculpt-patterns","version":1,"patterns":[{"family":"stripe","density":"\n"}]}"#,
    #"{"format":"sculpt-patterns","version":1,"patterns":[{"family":"taps","masks":["\u001b]"]}]}"#,
    #"{"format":"sculpt-patterns","version":1,"patterns":[{"family":"taps","masks":[]}]}"#,
    #"{"format":"sculpt-patterns","version":1,"patterns":[{"family":"taps","kernel":[-3,3],"masks":["0"]}]}"#,
    #"{"format":"sculpt-patterns","version":1,"patterns":[{"family":"taps","kernel":[3],"masks":["0"]}]}"#,
    #"{"format":"sculpt-patterns","version":1,"patterns":[{"family":"thirds","density":"1/2"}]}"#,
    #"{"format":"\n","version":2,"patterns":[]}"#, String(repeating: "[", count: 1 << 16), "\0",
    #"{"format":"sculpt-patterns","version":2,"patterns":[]}"#,
    #"{"format":"sculpt-patterns","version":1,"patterns":[{"family":"stripes"}]}"#,
    #"{"format":"sculpt-patterns","version":1,"patterns":[{"family":"stripe","density":"4/3"}]}"#,
    #"{"format":"sculpt-patterns","version":1,"patterns":[{"family":"taps","masks":["279"]}]}"#,
    #"{"format":"sculpt-patterns","version":1,"patterns":[{"family":"taps","masks":["272","111"]}]}"#,
    #"{"format":"sculpt-patterns","version":1,"patterns":[{"family":"taps","kernel":[9,9],"masks":["272"]}]}"#,
  ])
  func damagedLibrariesAreRefusedInOneLine(json: String) throws {
    let error = #expect(throws: PatternError.self) { try PatternLibrary(json: Data(json.utf8)) }
    #expect(error?.description.contains { $0.isNewline || $0 == "\u{1b}" } == false)

    let path = TemporaryPath.unique()
    defer { TemporaryPath.remove(path) }
    try Data(json.utf8).write(to: URL(filePath: path))
    let told = #expect(throws: FormatError.self) { try PatternLibrary.read(at: path) }
    #expect(told?.file == path)
    #expect(told?.remedy.contains("sculpt-patterns") == true)
  }

  @Test func otherFilesAreNoLibraries() throws {
    let path = TemporaryPath.unique()
    defer { TemporaryPath.remove(path) }
    #expect(throws: FormatError.self) { try PatternLibrary.read(at: path) }
    try Data(count: 1 << 20 + 1).write(to: URL(filePath: path))
    #expect(throws: FormatError.self) { try PatternLibrary.read(at: path) }
    let folder = FileManager.default.temporaryDirectory.path()
    #expect(throws: FormatError.self) { try PatternLibrary.read(at: folder) }
  }

  @Test func aDrawnMaskIsTheOnlyChoice() throws {
    let path = TemporaryPath.unique()
    defer { TemporaryPath.remove(path) }
    let json = """
      {"format": "sculpt-patterns", "version": 1, "patterns": [{"family": "taps", "masks": ["272"]}]}
      """
    try Data(json.utf8).write(to: URL(filePath: path))
    let model = try SmallNetwork.model()
    let space = PruningSpace(model.graph, library: try PatternLibrary.read(at: path))
    #expect(!space.units.isEmpty)
    var strategy = Strategy(denseFor: space)
    for unit in space.units.indices {
      #expect(space.units[unit].kind == .taps)
      #expect(space.units[unit].menu.map(\.name) == ["dense", "272"])
      strategy.choices[unit] = space.units[unit].menu[1]
    }
    let pruned = try space.apply(strategy, to: model)
    #expect(pruned.masks.count == space.units.count)
    #expect(pruned.masks.values.allSatisfy { $0.allSatisfy { $0.description == "272" } })
    #expect(pruned.cost == space.cost(of: strategy))

    let none = PruningSpace(
      model.graph, library: try PatternLibrary.read(at: path), engine: .onnx)
    #expect(none.units.isEmpty)
  }

  @Test(arguments: [("2/3", 3, 2), ("1/3", 3, 1), ("2/3", 5, 3), ("1/2", 1, 1), ("1/9", 3, 1)])
  func densitiesKeepTheNearestNumber(text: String, count: Int, kept: Int) throws {
    let density = try #require(Density(text))
    #expect(density.applied(to: count) == kept)
  }

  @Test(arguments: ["", "2", "0/3", "4/3", "-1/3", "1/0", "a/b", "1/2/3", "1/9999999999999"])
  func otherDensitiesAreRefused(text: String) {
    #expect(Density(text) == nil)
  }

  @Test func stripesKeepTheStrongestLines() throws {
    let model = try SmallNetwork.model()
    let space = PruningSpace(model.graph)
    let unit = try #require(space.unit(named: "stem.taps"))
    var weights = model.parameters
    // Column 2 of filters 0-7 and rows 0 and 1 of filters 8-15 are strong.
    for index in 0..<16 * 2 * 9 {
      let (filter, tap) = (index / 18, index % 9)
      let isStrong = filter < 8 ? tap % 3 != 1 : tap / 3 < 2
      weights["stem.weight"]?.values[index] = isStrong ? 2 : 1
    }
    var strategy = Strategy(denseFor: space)
    strategy.choices[unit] = .stripe(try #require(Density("2/3")))
    let pruned = try space.apply(strategy, to: model.replacing(weights))
    let stem = try #require(model.graph.index(of: "stem"))
    let masks = try #require(pruned.masks[stem])
    #expect(
      masks.map(\.description) == [String](repeating: "555", count: 8)
        + [String](repeating: "770", count: 8))
  }
}
