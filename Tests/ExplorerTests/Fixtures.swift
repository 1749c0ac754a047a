import Engine
import Explorer
import Metrics
import ModelGraph
import Patterns
import Pruning
import Search
import TerminalKit

/// Small networks, and states of the screen that show them.
enum Fixtures {
  static func convolution(
    _ name: String, from input: String, channels: Int = 16, kernel: Int = 3
  ) -> NodeDeclaration {
    let pad = kernel / 2
    return NodeDeclaration(
      name: name,
      op: .convolution(
        Convolution(
          outputChannels: channels, kernel: Extent(kernel, kernel),
          pads: Pads(top: pad, left: pad, bottom: pad, right: pad), weight: name + ".weight")),
      inputs: [input])
  }

  /// A stem, residual blocks in two groups, the second with a projection, and a classifier.
  static func residual() throws -> Graph {
    func add(_ name: String, _ first: String, _ second: String) -> NodeDeclaration {
      NodeDeclaration(name: name, op: .add, inputs: [first, second])
    }
    func relu(_ name: String, _ input: String) -> NodeDeclaration {
      NodeDeclaration(name: name, op: .relu, inputs: [input])
    }
    return try Graph(
      input: Shape([1, 8, 8]),
      declarations: [
        convolution("stem", from: "input"), relu("relu", "stem"),
        convolution("layer1.conv1", from: "relu"), relu("layer1.relu1", "layer1.conv1"),
        convolution("layer1.conv2", from: "layer1.relu1"),
        add("layer1.add", "layer1.conv2", "relu"), relu("layer1.relu2", "layer1.add"),
        convolution("layer2.conv1", from: "layer1.relu2", channels: 32),
        convolution("layer2.conv2", from: "layer2.conv1", channels: 32),
        convolution("layer2.down", from: "layer1.relu2", channels: 32, kernel: 1),
        add("layer2.add", "layer2.conv2", "layer2.down"),
        NodeDeclaration(name: "pool", op: .globalAveragePool, inputs: ["layer2.add"]),
        NodeDeclaration(name: "flatten", op: .flatten, inputs: ["pool"]),
        NodeDeclaration(
          name: "fc", op: .linear(Linear(outputFeatures: 10, weight: "fc.weight")),
          inputs: ["flatten"]),
      ])
  }

  /// The residual network with weights that differ from tap to tap and filter to filter.
  static func model() throws -> Model {
    let graph = try residual()
    var parameters: [String: Parameter] = [:]
    var seed: UInt32 = 1
    for node in graph.nodes.indices {
      for declaration in graph.parameters(of: node) {
        let values = (0..<declaration.count).map { _ in
          seed = seed &* 1_664_525 &+ 1_013_904_223
          return Float(seed >> 8) / Float(1 << 24) - 0.5
        }
        parameters[declaration.name] = Parameter(shape: declaration.shape, values: values)
      }
    }
    return try Model(
      name: "Small ResNet", graph: graph, input: InputDescription(), classes: [],
      parameters: parameters)
  }

  /// The screen just after launch.
  static func launched(
    glyphs: GlyphSet = .braille, isReadOnly: Bool = false
  ) throws -> ExplorerState {
    var preferences = Preferences()
    preferences.learned = Hint.allCases
    return ExplorerState(
      ModelState(
        name: "Small ResNet", fileName: "small", space: PruningSpace(try residual())),
      settings: SearchSettings(),
      screen: ScreenState(
        glyphs: glyphs, themes: ["default", "light"], preferences: preferences),
      isReadOnly: isReadOnly)
  }

  /// The screen when everything has been read and the dense model measured.
  static func ready(
    glyphs: GlyphSet = .braille, isReadOnly: Bool = false
  ) throws -> ExplorerState {
    var state = try launched(glyphs: glyphs, isReadOnly: isReadOnly)
    let model = try model()
    let dense = state.model.space.denseCost
    state.load(digest: "abc", images: 2000)
    state.take([
      .weights(WeightStatistics(model)),
      .search(
        .baseline(
          Measurement(cost: dense, accuracy: .init(correct: 460, images: 500)), isFinal: false)),
      .search(
        .baseline(
          Measurement(cost: dense, accuracy: .init(correct: 925, images: 1000)), isFinal: false)),
      .search(
        .baseline(
          Measurement(cost: dense, accuracy: .init(correct: 1850, images: 2000)), isFinal: true)),
    ])
    return state
  }

  /// The screen after some episodes of two steps; the score of each goes up and down.
  static func searched(
    episodes: Int = 6, glyphs: GlyphSet = .braille, isReadOnly: Bool = false
  ) throws -> ExplorerState {
    var state = try ready(glyphs: glyphs, isReadOnly: isReadOnly)
    let model = try model()
    for number in 1...episodes {
      let steps = (0..<2).map { step(number: 2 * number + $0, in: state) }
      state.take([
        .search(.searching(true)), .search(.step(steps[0])),
        .search(
          .episode(
            Episode(number: number, steps: steps, multiplier: 1, target: Target(0.5)), multiplier: 1
          )),
      ])
    }
    let pruned = try state.model.space.apply(state.run.shown, to: model)
    state.take([.search(.searching(false)), .masks(MaskSummary(state.run.shown, pruned: pruned))])
    return state
  }

  /// The screen that offers stored runs.
  static func withStoredRuns(glyphs: GlyphSet = .braille) throws -> ExplorerState {
    var state = try ready(glyphs: glyphs)
    let searched = try searched()
    let best = searched.run.history.episodes.map(\.best)
    let runs = [(1, "14:03:10", "abc"), (9, "11:00:00", "other"), (62, "09:45:00", "abc")]
    state.take([
      .storedRuns(
        runs.enumerated().map { number, run in
          RunOutcome(
            RunFolder.Summary(
              path: "/runs/\(run.0).sqlite", model: run.2 == "abc" ? "Small ResNet" : "Another",
              created: "2026-11-24T\(run.1)Z", episodes: run.0, digest: run.2,
              label: run.0 == 62 ? RunLabel(name: "first try", note: "stem pinned") : RunLabel()),
            target: Target(run.0 == 62 ? 0.35 : 0.5), pins: run.0 == 62 ? 2 : 0,
            best: best[number],
            fineTuned: run.0 == 62 ? result(of: best[2].strategy, in: state) : nil)
        })
    ])
    state.press("R")
    return state
  }

  /// A table by which every choice but the dense one halves the time of what it touches.
  static func latencies(of space: PruningSpace) -> Latencies {
    Latencies(
      LatencyTable(
        dense: space.graph.nodes.map { _ in 1e-3 },
        shares: ChoiceTable(of: space) { unit, pattern in
          pattern == .dense
            ? [:] : Dictionary(uniqueKeysWithValues: space.nodesOfUnit[unit].map { ($0, 0.5) })
        }))
  }

  /// A strategy of the state as a session makes it ready to be written: 1,700 of 2,000 images.
  static func searchResult(of strategy: Strategy, in state: ExplorerState) -> SearchResult {
    let final = Measurement(
      cost: state.model.space.cost(of: strategy), accuracy: Accuracy(correct: 1700, images: 2000))
    let method = PruningMethod(correction: .resolved)
    return SearchResult(
      step: SearchStep(strategy: strategy, measurement: final, score: 0.8, reward: 0.8, excess: 0),
      method: method,
      file: StrategyFile(
        model: "small", digest: "abc", method: method,
        metrics: .init(final.cost, validation: final.accuracy), strategy: strategy))
  }

  /// A score as the screen writes it.
  static func thousandths(_ score: Double) -> String {
    "." + String(Int((score * 1000).rounded()))
  }

  /// A step that differs from number to number; pins of the state are kept.
  static func step(number: Int, in state: ExplorerState) -> SearchStep {
    var strategy = state.run.live
    for unit in strategy.choices.indices where !strategy.pins[unit] {
      let menu = state.model.space.units[unit].menu
      strategy.choices[unit] = menu[(unit * 3 + number) % menu.count]
    }
    let correct = 800 + (number * 37) % 120
    let measurement = Measurement(
      cost: state.model.space.cost(of: strategy), accuracy: Accuracy(correct: correct, images: 1000)
    )
    return SearchStep(
      strategy: strategy, measurement: measurement, score: Double(correct) / 1000,
      reward: Double(correct) / 1000 - 0.05, excess: 0.05)
  }
}

extension ExplorerState {
  /// Takes messages one after the other; returns every effect but those that keep the run.
  @discardableResult
  mutating func take(_ messages: [Message]) -> [Effect] {
    messages.flatMap { update(&self, $0) }
      .filter { if case .remember = $0 { false } else { true } }
  }

  /// Presses keys, written as in the keymap and separated by spaces; returns the same effects.
  @discardableResult
  mutating func press(_ keys: String) -> [Effect] {
    take(keys.split(separator: " ").compactMap { Key(String($0)).map(Message.key) })
  }

  /// The name of the selected layer.
  var selectedName: String? { selectedNode.map { model.space.graph.nodes[$0].name } }

  /// Selects the layer of that name.
  mutating func select(_ name: String) throws {
    let node = model.space.graph.index(of: name)
    guard let node,
      let row = layers.rows.firstIndex(of: .layer(model.outline.headOfNode[node]))
    else { throw Missing(name: name) }
    layers.selection = row
  }
}

/// A name that the fixture does not have.
struct Missing: Error {
  let name: String
}
