internal import ArgumentParser
internal import Engine
internal import Formats
internal import ModelGraph
internal import Search

/// `sculpt bench`: the speed of this machine on a model, whole and layer by layer.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures images a second, and each convolution beside the machine's peak.")

  @OptionGroup var common: CommonOptions

  @Option(help: "Images to evaluate for each figure.")
  var images = 1000

  func validate() throws {
    if images < 1 { throw ValidationError("--images must be at least 1") }
  }

  func run() throws {
    let workbench = try common.workbench()
    let program = try workbench.denseProgram()
    var report = Report(
      kernels: program.instructionSet.rawValue, imagesPerSecond: [:], layers: [])
    for threads in Set([1, Evaluator.defaultThreads]).sorted() {
      report.imagesPerSecond["\(threads)"] = imagesPerSecond(workbench, program, threads)
    }
    let graph = workbench.model.graph
    var seen: Set<Shape3> = []
    for node in graph.nodes {
      guard case .convolution(let conv) = node.op else { continue }
      let input = graph.nodes[node.inputs[0]].shape
      guard seen.insert(Shape3(input: input, conv: conv)).inserted else { continue }
      report.layers.append(try layer(node.name, conv, input))
    }
    if common.json { try printJSON(report) } else { print(report.text) }
  }

  private func imagesPerSecond(
    _ workbench: Workbench, _ program: Program, _ threads: Int
  ) -> Double {
    let evaluator = Evaluator(workbench.evaluator.dataset, threads: threads)
    let count = min(images, evaluator.dataset.count)
    let clock = ContinuousClock()
    let rates = (0..<5).map { _ in
      Double(count) / clock.measure { _ = evaluator.outputs(of: program, range: 0..<count) }.seconds
    }
    return rates.median
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

  /// What the speed of a convolution depends on.
  private struct Shape3: Hashable {
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

  private struct Report: Encodable {
    var kernels: String
    var imagesPerSecond: [String: Double]
    var layers: [Layer]

    var text: String {
      let rates = imagesPerSecond.sorted { $0.key < $1.key }.map {
        "\($0.key) thread\($0.key == "1" ? "" : "s"): \(Int($0.value)) images/s"
      }
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
      return (["\(kernels) kernels; " + rates.joined(separator: ", "), head] + rows)
        .joined(separator: "\n")
    }
  }
}
