import Formats
import Foundation
import Metrics
import ModelGraph
import Patterns
import Testing

@testable import Search

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What a report says, in each of its forms.
@Suite struct StrategyReportTests {
  private func report() throws -> StrategyReport {
    let space = try SmallBench.make().space
    var strategy = Strategy(denseFor: space)
    for (index, unit) in space.units.enumerated() {
      strategy.choices[index] = try #require(unit.menu.last)
    }
    strategy.pins[0] = true
    let cost = space.cost(of: strategy)
    let file = StrategyFile(
      model: "<b>&\"\u{1B}", digest: "abc", target: Target(0.5), seed: 7,
      metrics: .init(cost, validation: Accuracy(correct: 88, images: 100)), strategy: strategy)
    func step(_ correct: Int, _ macs: Int) -> SearchStep {
      SearchStep(
        strategy: strategy,
        measurement: Measurement(
          cost: Cost(macs: macs, parameters: 1), accuracy: Accuracy(correct: correct, images: 64),
          divergence: 0.1), score: 0.9, reward: 0.9, excess: 0)
    }
    var report = StrategyReport(
      file, in: space, dense: Accuracy(correct: 93, images: 100),
      losses: Sensitivity(
        losses: ChoiceTable(of: space) { _, pattern in pattern == .dense ? 0 : 0.125 }),
      episodes: [
        Episode(
          number: 1, steps: [step(50, cost.macs), step(60, 2 * cost.macs)], multiplier: 1,
          target: Target(0.5)),
        Episode(number: 2, steps: [step(55, cost.macs)], multiplier: 1, target: Target(0.4)),
      ])
    report.accuracies.append(
      .init(
        .test, dense: Accuracy(correct: 931, images: 1000),
        pruned: Accuracy(correct: 901, images: 1000)))
    report.masks = [1: [try #require(TapMask("272", kernel: Extent(3, 3)))]]
    report.machine = .here
    return report
  }

  /// The elements and the text of a page, which is well-formed.
  private final class Page: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String])] = []
    var text = ""

    init(_ source: String) throws {
      super.init()
      let parser = XMLParser(data: Data(source.utf8))
      parser.delegate = self
      guard parser.parse() else { throw try #require(parser.parserError) }
    }

    func parser(
      _: XMLParser, didStartElement name: String, namespaceURI _: String?,
      qualifiedName _: String?, attributes: [String: String]
    ) { elements.append((name, attributes)) }

    func parser(_: XMLParser, foundCharacters characters: String) { text += characters }

    func count(_ name: String, class kind: String? = nil) -> Int {
      elements.count { $0.name == name && (kind == nil || $0.attributes["class"] == kind) }
    }
  }

  @Test func thePageIsWholeAndNeedsNothing() throws {
    let report = try report()
    let page = try Page(report.html)
    for title in ["Accuracy", "Search", "Network", "Strategy", "Provenance"] {
      #expect(page.text.contains(title))
    }
    #expect(page.text.contains("<b>&\"\u{FFFD}"))
    #expect(page.count("svg", class: "chart") == 2)
    #expect(page.count("svg", class: "taps") == 1)
    #expect(page.count("rect") == 9 && page.count("rect", class: "none") == 4)
    // A row for every node, and one for every unit.
    let (nodes, units) = (report.space.graph.nodes, report.space.units)
    #expect(page.count("tr") == 2 + 2 + nodes.count + 1 + units.count + 1 - 1)
    for name in nodes.map(\.name) + units.map(\.name) { #expect(page.text.contains(name)) }
    for figure in ["90.10\u{202F}%", "−3.00", "1,000", "SHA-256 abc", "pinned"] {
      #expect(page.text.contains(figure), "\(figure)")
    }
    #expect(page.count("script") + page.count("link") + page.count("img") == 0)
    #expect(!report.html.contains("http") && !report.html.contains("url("))
  }

  @Test func whatIsNotKnownIsNotDrawn() throws {
    let space = try SmallBench.make().space
    let file = StrategyFile(model: "m", digest: nil, strategy: Strategy(denseFor: space))
    let page = try Page(StrategyReport(file, in: space).html)
    #expect(page.count("svg", class: "chart") == 0)
    #expect(!page.text.contains("Latency") && page.text.contains("not measured"))
  }

  @Test func markdownSaysTheSame() throws {
    let markdown = try report().markdown
    for figure in ["90.1 %", "12.5 %", "2 episodes of 3 steps", "| pinned |"] {
      #expect(markdown.contains(figure), "\(figure)")
    }
  }

  /// `{"results": {node: {"value": 0.5}}, "gradient": [...]}`, as Model Explorer reads it for a single graph.
  @Test func nodeDataAreByName() throws {
    let files = try report().nodeData
    #expect(files.map(\.name) == ["kept.json", "sensitivity.json"])
    for file in files {
      let data = try #require(
        try JSONSerialization.jsonObject(with: Data(file.json.utf8)) as? [String: Any])
      let results = try #require(data["results"] as? [String: [String: Double]])
      #expect(Set(results.keys) == ["a", "b", "c", "fc"])
      #expect(results.values.allSatisfy { (0...1).contains($0["value"] ?? -1) })
      #expect((data["gradient"] as? [[String: Any]])?.compactMap { $0["stop"] as? Int } == [0, 1])
    }
  }

  @Test(arguments: [
    ([0.9950, 0.9958], ["0.9950", "0.9952", "0.9954", "0.9956", "0.9958"]),
    ([1, 12], ["0", "5", "10", "15"]), ([49.3, 49.9], ["49.2", "49.4", "49.6", "49.8", "50.0"]),
    ([7, 7], ["7.0", "7.2"]), ([], ["0.00", "0.25", "0.50", "0.75", "1.00"]),
  ])
  func ticksAreRound(values: [Double], labels: [String]) {
    let axis = Axis(values)
    #expect(axis.ticks.map(axis.label) == labels)
    #expect(values.allSatisfy { (0...1).contains(axis.place($0)) })
  }
}
