public import ArgumentParser
internal import Engine
internal import Formats
internal import Foundation
public import Kernels
internal import Metrics
internal import ModelGraph
internal import Peers
internal import Search

/// `sculpt bench MODEL`: a model whole and layer by layer.
struct BenchInference: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inference",
    abstract: "Measures images a second, and each convolution beside the machine's peak.",
    discussion: """
      Images are made up: no data are needed. With --against another engine runs the same network
      in turn with this one, round by round; each ratio is the median over the rounds.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "Images of each throughput figure.")
  var batch = 100

  @Option(help: "Rounds; the median counts.")
  var rounds = 7

  @Option(
    help: ArgumentHelp(
      "Another engine, by its Python package: onnxruntime or openvino.", valueName: "engine"))
  var against: OtherEngine?

  @Option(
    help: ArgumentHelp(
      "The same network in another ONNX file, for the other engine.",
      valueName: "model.onnx"))
  var peerModel: String?

  @Option(help: "The kernels to run: baseline, avx2 or avx512; by default the best there are.")
  var kernels: InstructionSet = .best

  @Flag(help: "Measure each convolution on its own, too.")
  var layers = false

  @Flag(help: "Say how long each node takes within the network.")
  var nodes = false

  @Flag(help: "Say what a change of one layer costs, with what is kept of the layers before it.")
  var reuse = false

  @Flag(
    help: ArgumentHelp(
      "Say how long a search takes to measure a strategy a few choices away from the one before, on "
        + "the images of the validation split."))
  var evaluations = false

  enum OtherEngine: String, ExpressibleByArgument, CaseIterable {
    case onnxruntime, openvino

    var runtime: InferenceRuntime {
      switch self {
      case .onnxruntime: .onnxRuntime
      case .openvino: .openVINO
      }
    }
  }

  func validate() throws {
    if batch < 1 { throw ValidationError("--batch must be at least 1") }
    if rounds < 1 { throw ValidationError("--rounds must be at least 1") }
    if peerModel != nil, against == nil { throw ValidationError("--peer-model is for --against") }
    guard kernels.isAvailable else {
      throw ValidationError("this processor has no \(kernels.rawValue) kernels")
    }
  }

  func run() throws {
    let model = try common.file().model
    let process = try peerModel == nil ? against.map { try RuntimeProcess($0.runtime, model) } : nil
    let peer =
      try process?.peer
      ?? peerModel.flatMap { path in
        try against.map { try Peer($0.runtime, on: path) }
      }
    var report = try withExtendedLifetime(process) { try whole(model, peer) }
    if layers {
      var seen: Set<LayerShape> = []
      for node in model.graph.nodes {
        guard case .convolution(let conv) = node.op else { continue }
        let input = model.graph.nodes[node.inputs[0]].shape
        guard seen.insert(LayerShape(input: input, conv: conv)).inserted else { continue }
        report.layers.append(try layer(node.name, conv, input))
      }
    }
    if nodes { report.nodes = try nodeTimes(model) }
    if reuse { report.changes = try changeTimes(model) }
    if evaluations {
      report.evaluations = try common.workbench().neighbourTimes(
        images: [16, 64, 256, 1000], steps: rounds, seed: common.seed)
    }
    if common.json { try printJSON(report) } else { print(report.text) }
  }

  /// The whole network: throughput on one and on all threads, and latency.
  private func whole(_ model: Model, _ peer: Peer?) throws -> Report {
    let program = try Program(model, instructionSet: kernels)
    let compileTimes = try (0..<min(rounds, 5)).map { _ in
      try ContinuousClock().measure { _ = try Program(model, instructionSet: kernels) }.seconds
    }
    let latency = LatencyProbe(
      try Program(model, imagesPerPass: 1, instructionSet: kernels))
    let set = program.instructionSet
    var report = Report(
      kernels: set.rawValue, against: peer?.name, compileMilliseconds: compileTimes.median * 1e3)
    let operations = 2 * Double(model.graph.macs)
    // About a tenth of a second of single images a round.
    let repeats = max(1, min(200, Int(0.1 / latency.seconds())))
    for threads in Set([1, common.threads ?? Evaluator.defaultThreads]).sorted() {
      let probe = ThroughputProbe(program, images: batch, threads: threads)
      var (rates, ratios, shares) = ([Double](), [Double](), [Double]())
      for round in 0...rounds {
        let peak = set.measuredPeak() * Double(threads)
        let seconds = probe.seconds()
        let other = try peer?.seconds(threads: threads, batch: batch, repeats: 1)
        guard round > 0 else { continue }
        rates.append(Double(batch) / seconds)
        shares.append(operations * Double(batch) / seconds / peak)
        if let other { ratios.append(other / seconds) }
      }
      report.throughput.append(
        Throughput(
          threads: threads, imagesPerSecond: rates.median, shareOfPeak: shares.median,
          timesPeer: ratios.isEmpty ? nil : ratios.median))
    }
    var (times, ratios) = ([Double](), [Double]())
    for round in 0...rounds {
      let own = (0..<repeats).map { _ in latency.seconds() }.median
      let other = try peer?.seconds(threads: 1, batch: 1, repeats: repeats)
      guard round > 0 else { continue }
      times.append(own)
      if let other { ratios.append(own / other) }
    }
    report.latency = Timings(times.map { $0 * 1e3 })
    report.latencyTimesPeer = ratios.isEmpty ? nil : ratios.median
    return report
  }

  /// The time to evaluate the model again when one layer has changed, as a share of a full evaluation
  /// without the cache: for four layers on the way and the last three.
  private func changeTimes(_ model: Model) throws -> [ChangeTime] {
    let layers = model.graph.nodes.indices.filter { !model.graph.parameters(of: $0).isEmpty }
      .filter { model.graph.macs(of: $0) > 0 }
    let chosen = Set((0..<4).map { $0 * layers.count / 4 }).union(layers.indices.suffix(3))
    let threads = common.threads ?? Evaluator.defaultThreads
    let dense = try Program(model)
    let full = ThroughputProbe(dense, images: batch, threads: threads)
    return try chosen.sorted().map { layers[$0] }.map { index in
      let name = model.graph.parameters(of: index)[0].name
      let shares = try (0..<rounds).map { _ in
        let cache = PrefixCache()
        _ = ThroughputProbe(dense, images: batch, threads: threads, cache: cache).seconds()
        var parameters = model.parameters
        parameters[name]?.values[0] += 1
        let changed = try Program(model.replacing(parameters))
        let probe = ThroughputProbe(changed, images: batch, threads: threads, cache: cache)
        return probe.seconds() / full.seconds()
      }
      return ChangeTime(node: model.graph.nodes[index].name, shareOfFull: shares.median)
    }
  }

  private struct ChangeTime: Encodable {
    var node: String
    var shareOfFull: Double
  }

  private func nodeTimes(_ model: Model) throws -> [NodeTime] {
    let program = try Program(model, imagesPerPass: 1, instructionSet: kernels)
    let peak = program.instructionSet.measuredPeak()
    return LatencyProbe(program).secondsOfNodes(rounds: max(rounds, 5)).sorted { $0.key < $1.key }
      .map { index, seconds in
        let node = model.graph.nodes[index]
        return NodeTime(
          node: node.name, op: node.op.name, shape: node.shape.description,
          milliseconds: seconds * 1e3,
          shareOfPeak: 2 * Double(model.graph.macs(of: index)) / seconds / peak)
      }
  }

  private struct NodeTime: Encodable {
    var node: String
    var op: String
    var shape: String
    var milliseconds: Double
    var shareOfPeak: Double
  }

  private func layer(_ name: String, _ conv: Convolution, _ input: Shape) throws -> Layer {
    let is3x3 = conv.kernel == Extent(3, 3)
    let stripes = is3x3 ? ["770", "700"].compactMap { TapMask($0, kernel: conv.kernel) } : []
    let result = try KernelBenchmark(conv, input: input, masks: stripes).run()
    return Layer(
      name: name, shape: "\(input) > \(conv.outputChannels), \(conv.kernel)/\(conv.strides.height)",
      gigaflops: result.operationsPerSecond * 1e-9, shareOfPeak: result.shareOfPeak,
      twoRows: result.timeShares.first, oneRow: result.timeShares.last)
  }

  /// The shape of a convolution, which its speed depends on.
  private struct LayerShape: Hashable {
    var input: Shape
    var kernel: Extent
    var strides: Extent
    var outputs: Int
    var groups: Int

    init(input: Shape, conv: Convolution) {
      self.input = input
      kernel = conv.kernel
      strides = conv.strides
      outputs = conv.outputChannels
      groups = conv.groups
    }
  }

  private struct Layer: Encodable {
    var name: String
    var shape: String
    var gigaflops: Double
    var shareOfPeak: Double
    var twoRows: Double?
    var oneRow: Double?
  }

  private struct Throughput: Encodable {
    var threads: Int
    var imagesPerSecond: Double
    var shareOfPeak: Double
    /// The other engine's time over this one's.
    var timesPeer: Double?
  }

  private struct Report: Encodable {
    var kernels: String
    var against: String?
    /// From the model to a program.
    var compileMilliseconds: Double
    var throughput: [Throughput] = []
    /// Milliseconds of one image on one thread.
    var latency: Timings?
    /// This engine's latency over the other one's.
    var latencyTimesPeer: Double?
    var layers: [Layer] = []
    var nodes: [NodeTime] = []
    var changes: [ChangeTime] = []
    var evaluations: [NeighbourTimes] = []

    var text: String {
      var lines = [
        "\(kernels) kernels" + (against.map { "; beside \($0)" } ?? ""),
        String(format: "compiled in %.3g ms", compileMilliseconds),
      ]
      for row in throughput {
        let rate = String(format: row.imagesPerSecond < 100 ? "%.1f" : "%.0f", row.imagesPerSecond)
        lines.append(
          "\(row.threads) thread\(row.threads == 1 ? "" : "s"): \(rate) images/s, "
            + "\(row.shareOfPeak.percent) of the peak"
            + (row.timesPeer.map { String(format: "; %.2f times the other's", $0) } ?? ""))
      }
      if let latency {
        lines.append(
          String(
            format: "latency, 1 image, 1 thread: %.3g ms (%.3g to %.3g)", latency.median,
            latency.low, latency.high)
            + (latencyTimesPeer.map { String(format: "; %.2f of the other's", $0) } ?? ""))
      }
      lines += changes.map {
        "a change of \($0.node)".padded(to: 40) + $0.shareOfFull.percent.leftPadded(to: 9)
          + " of a full evaluation"
      }
      lines += evaluations.map(\.text)
      let total = nodes.reduce(0) { $0 + $1.milliseconds }
      lines += nodes.map { row in
        row.node.padded(to: 30) + row.op.padded(to: 20) + row.shape.padded(to: 14)
          + String(format: "%9.3f ms", row.milliseconds)
          + (row.milliseconds / total).percent.leftPadded(to: 10)
          + (row.shareOfPeak > 0 ? row.shareOfPeak.percent + " of peak" : "").leftPadded(to: 18)
      }
      guard !layers.isEmpty else { return lines.joined(separator: "\n") }
      let rows = layers.map { layer in
        let stripes = [layer.twoRows, layer.oneRow].map { $0.map(\.percent) ?? "" }
        return layer.name.padded(to: 22) + layer.shape.padded(to: 24)
          + String(Int(layer.gigaflops)).leftPadded(to: 7)
          + layer.shareOfPeak.percent.leftPadded(to: 11)
          + stripes[0].leftPadded(to: 11) + stripes[1].leftPadded(to: 11)
      }
      let head =
        "layer".padded(to: 22) + "shape".padded(to: 24) + "GFLOP/s".leftPadded(to: 7)
        + "of peak".leftPadded(to: 11) + "3x2 time".leftPadded(to: 11)
        + "3x1 time".leftPadded(to: 11)
      return (lines + [head] + rows).joined(separator: "\n")
    }
  }
}

extension InstructionSet: ExpressibleByArgument {}
