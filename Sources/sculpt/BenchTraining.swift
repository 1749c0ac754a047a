internal import ArgumentParser
internal import CommandOptions
internal import Engine
internal import Formats
internal import Foundation
internal import Metrics
internal import ModelGraph
internal import Peers
internal import Tensors
internal import Training

/// `sculpt bench train MODEL`: training steps a second.
struct BenchTraining: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Measures training: images a second through forward, backward and SGD.",
    discussion: """
      Images are made up: no data are needed. With --against pytorch the same network takes its steps there in turn \
      with this one, round by round, in the faster of its memory formats; the ratio is the median over the rounds.
      """)

  @Argument(help: ArgumentHelp("The network.", valueName: "model.json|model.onnx"))
  var model: String

  @Option(help: "Images in a batch.")
  var batch = 128

  @Option(help: "Rounds; the median counts.")
  var rounds = 15

  @Option(help: "Threads; by default one a processor.")
  var threads: Int?

  @Option(help: ArgumentHelp("Another engine: pytorch (its Python package).", valueName: "engine"))
  var against: OtherEngine?

  @Option(help: "The Python that has PyTorch.")
  var python = "python3"

  @Flag(help: "Print JSON.")
  var json = false

  enum OtherEngine: String, ExpressibleByArgument, CaseIterable { case pytorch }

  func validate() throws {
    try check(threads: threads)
    if batch < 1 { throw ValidationError("--batch must be at least 1") }
    if rounds < 1 { throw ValidationError("--rounds must be at least 1") }
  }

  func run() throws {
    let file = try ModelFile.read(at: model, weights: .skip)
    var generator = SeededGenerator(seed: 1)
    let network = try TrainableNetwork(file.model.initialized(&generator))
    let threads = threads ?? Evaluator.defaultThreads
    let peer = try against.map { _ in try Self.startPeer(on: file.model, python: python) }
    var (rates, ratios) = ([Double](), [Double]())
    try FreedMemory.reused {
      var probe = TrainingProbe(network, batch: batch, threads: threads)
      for round in -2..<rounds {
        let seconds = probe.seconds()
        let other = try peer?.seconds(threads: threads, batch: batch, repeats: 1)
        guard round >= 0 else { continue }
        rates.append(Double(batch) / seconds)
        if let other { ratios.append(other / seconds) }
      }
    }
    let report = Report(
      against: peer?.name, batch: batch, imagesPerSecond: rates.median,
      parameters: network.parameters.scalarCount, threads: threads,
      timesPeer: ratios.isEmpty ? nil : ratios.median)
    if json { return try printJSON(report) }
    var text = String(
      format: "%.0f images a second, batch %d, %d threads", report.imagesPerSecond, batch, threads)
    if let peer, let ratio = report.timesPeer {
      text += String(format: ", %.2f times %@", ratio, peer.name)
    }
    print(text)
  }

  /// PyTorch on a copy of the network as a `model.json` without weights.
  private static func startPeer(on model: Model, python: String) throws -> Peer {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sculpt-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "model.json").path
    try ModelFile.write(model, to: path)
    return try Peer(pyTorchTraining: path, python: python)
  }

  private struct Report: Encodable {
    var against: String?
    var batch: Int
    var imagesPerSecond: Double
    var parameters: Int
    var threads: Int
    var timesPeer: Double?
  }
}
