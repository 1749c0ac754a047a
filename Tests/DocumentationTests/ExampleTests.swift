import Engine
import Formats
import Foundation
import Metrics
import ModelGraph
import Patterns
import Pruning
import Search
import Tensors
import Testing
import Threads

/// The examples in the documentation of the types that are used most: each runs here, and stands to the letter in the
/// file that its first line names.
@Suite struct ExampleTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL

  private let sample = root.appending(path: "SampleModels/resnet20-fashion/model.json").path()

  @Test func graph() throws {
    // Sources/ModelGraph/Graph.swift
    let graph = try Graph(
      input: Shape(channels: 1, height: 28, width: 28),
      declarations: [
        NodeDeclaration(name: "flat", op: .flatten, inputs: ["input"]),
        NodeDeclaration(
          name: "fc", op: .linear(Linear(outputFeatures: 10, weight: "fc.weight")),
          inputs: ["flat"]),
      ])
    let macs = graph.macs  // 784 * 10
    // end
    #expect(macs == 7840)
  }

  @Test func tapMask() throws {
    // Sources/ModelGraph/TapMask.swift
    let cross = TapMask("272", kernel: Extent(3, 3))
    let taps = cross?.count  // 5
    // end
    #expect(taps == 5)
  }

  @Test func tensors() throws {
    // Sources/Tensors/Tape/Tape.swift
    let tape = Tape<Float>()
    let x = tape.variable(Tensor(shape: [3], scalars: [1, 2, 3]))
    let loss = (x * x).sum()
    let gradient = tape.gradients(of: loss)[x]  // 2, 4, 6
    // end
    #expect(gradient.scalars == [2, 4, 6])
  }

  @Test func accuracy() throws {
    // Sources/Metrics/Accuracy.swift
    let accuracy = Accuracy(correct: 93, images: 100)
    let interval = accuracy.interval  // 0.863 to 0.966, at 95 %
    // end
    #expect(abs(interval.lowerBound - 0.863) < 5e-4 && abs(interval.upperBound - 0.966) < 5e-4)
  }

  @Test func pruningSpace() throws {
    let file = try ModelFile.readStructure(at: sample)
    // Sources/Patterns/Space/PruningSpace.swift
    let space = PruningSpace(file.model.graph)
    var strategy = Strategy(denseFor: space)
    strategy.choices[0] = space.units[0].menu[1]
    let saved = space.denseCost.macs - space.cost(of: strategy).macs
    // end
    #expect(saved > 0 && saved < space.denseCost.macs)
  }

  @Test func library() throws {
    // Sources/Patterns/Choices/PatternLibrary.swift
    let library = try PatternLibrary(
      json: Data(
        #"{"format": "sculpt-patterns", "version": 1, "patterns": [{"family": "taps", "masks": ["272"]}]}"#
          .utf8))
    let names = library.patterns.map(\.name)  // 272
    // end
    #expect(names == ["272"])
  }

  @Test func program() throws {
    // Sources/Engine/Evaluation/Evaluator.swift
    let file = try ModelFile.read(at: sample)
    let source = try #require(file.data[.validation])
    let images = try Dataset.read(source, for: file.model).prefix(64)
    let accuracy = Evaluator(images).accuracy(of: try Program(file.model))
    // end
    #expect(accuracy?.images == 64)
  }

  @Test func pruned() throws {
    let file = try ModelFile.read(at: sample)
    let space = PruningSpace(file.model.graph)
    var strategy = Strategy(denseFor: space)
    strategy.choices[0] = space.units[0].menu[1]
    // Sources/Pruning/Application/PrunedModel.swift
    let pruned = try space.apply(strategy, to: file.model)
    let model = try pruned.lowered().model
    // end
    #expect(pruned.cost == space.cost(of: strategy) && model.isTrained)
  }

  @Test func session() throws {
    // Sources/Search/Session/SearchSession.swift
    var settings = SearchSettings()
    settings.target = Target(0.6)
    settings.images = 64
    var session = try SearchSession(
      Workbench(modelAt: sample, method: PruningMethod(correction: .none)), settings: settings)
    while !session.isPrepared { _ = try session.prepare() }
    while session.episodes.isEmpty { _ = try session.step() }
    let best = session.episodes[0].best.strategy
    // end
    let space = session.workbench.space
    #expect(Double(space.cost(of: best).macs) <= 0.6 * Double(space.denseCost.macs))
  }

  @Test func mailbox() {
    // Sources/Threads/Mailbox.swift
    let mailbox = Mailbox<Int>()
    mailbox.put(1)
    mailbox.put(2)
    let items = mailbox.drain()  // 1, 2
    // end
    #expect(items == [1, 2] && mailbox.drain().isEmpty)
  }

  @Test func examplesStandInTheDocumentation() throws {
    let own = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8)
    var examples: [(file: String, lines: [String])] = []
    var isInside = false
    for line in own.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("    // Sources/") {
        examples.append((String(line.dropFirst(7)), []))
        isInside = true
      } else if line == "    // end" {
        isInside = false
      } else if isInside {
        examples[examples.count - 1].lines.append(String(line.dropFirst(4)))
      }
    }
    #expect(examples.count == 10)
    for (file, lines) in examples {
      let text = try String(contentsOf: Self.root.appending(path: file), encoding: .utf8)
      let documented = lines.map { "///     " + $0 }.joined(separator: "\n")
      #expect(text.contains(documented), "\(file) shows another example")
    }
  }
}
