internal import ArgumentParser
internal import CommandOptions
internal import Engine
internal import Formats
internal import ModelGraph
internal import Patterns

/// `sculpt inspect`: the graph, what it costs and what can be pruned.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the layers of a model, their shapes, parameters and MACs.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    let file = try common.file(weights: .ifPresent)
    let graph = file.model.graph
    let space = try common.space(of: graph)
    let layers = graph.nodes.indices.map { index in
      Layer(
        name: graph.nodes[index].name, op: graph.nodes[index].op.name,
        shape: graph.nodes[index].shape.dimensions, parameters: graph.parameterCount(of: index),
        macs: graph.macs(of: index),
        units: space.units(of: index).map { space.units[$0].name })
    }
    let nonzero = Nonzero(file.model)
    let memory = file.model.isTrained ? (try? Program(file.model)).map(Memory.init) : nil
    let problems = Problem.all(in: graph)
    if common.json {
      try printJSON(
        Report(
          model: file.model.name, sha256: file.digest, macs: graph.macs,
          parameters: graph.parameterCount, nonzero: nonzero, memory: memory, layers: layers,
          units: space.units.map { Unit(unit: $0.name, menu: $0.menu.map(\.name)) },
          unsupported: problems), common.reading(of: file))
      return
    }
    let width = layers.map(\.name.count).max() ?? 0
    for layer in layers {
      let shape = layer.shape.map(String.init).joined(separator: "x")
      print(
        layer.name.padded(to: width), layer.op.padded(to: 18), shape.leftPadded(to: 10),
        layer.parameters.grouped.leftPadded(to: 12), layer.macs.grouped.leftPadded(to: 16))
    }
    print(
      "\(file.model.name): \(graph.parameterCount.grouped) parameters, \(graph.macs.grouped) MACs, "
        + "\(space.units.count) prunable units" + (file.model.isTrained ? "" : ", no weights"))
    if let line = nonzero?.line(of: graph.macs) { print(line) }
    if let memory {
      print(
        "to run: \(memory.weights.megabytes) of weights, and for each thread "
          + "\(memory.activationsPerThread.megabytes) of activations (\(memory.imagesPerPass) "
          + "image\(memory.imagesPerPass == 1 ? "" : "s") at a time)")
    }
    for problem in problems { print(problem) }
  }

  /// The memory that running the model takes, in bytes.
  private struct Memory: Encodable {
    var weights: Int
    var activationsPerThread: Int
    var imagesPerPass: Int

    init(_ program: Program) {
      weights = program.constantBytes
      activationsPerThread = program.arenaBytes
      imagesPerPass = program.imagesPerPass
    }
  }

  private struct Layer: Encodable {
    var name: String
    var op: String
    var shape: [Int]
    var parameters: Int
    var macs: Int
    var units: [String]
  }

  private struct Unit: Encodable {
    var unit: String
    var menu: [String]
  }

  private struct Report: Encodable {
    var model: String
    var sha256: String?
    var macs: Int
    var parameters: Int
    var nonzero: Nonzero?
    var memory: Memory?
    var layers: [Layer]
    var units: [Unit]
    var unsupported: [Problem]
  }
}
