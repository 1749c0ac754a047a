internal import Kernels
internal import Metrics
public import ModelGraph

/// How fast the kernel runs one convolution, beside the machine's peak and with taps left out.
public struct KernelBenchmark: Sendable {
  /// The shape to time, without batch-norm or activation.
  public let convolution: Convolution
  /// The shape of its input.
  public let input: Shape
  /// Masks that all filters share, timed beside the dense kernel.
  public let masks: [TapMask]

  /// A benchmark of one convolution.
  public init(_ convolution: Convolution, input: Shape, masks: [TapMask] = []) {
    self.convolution = convolution
    self.input = input
    self.masks = masks
  }

  /// The results, in one thread; medians over the rounds.
  public struct Result: Sendable {
    /// Floating-point operations a second of the dense kernel.
    public let operationsPerSecond: Double
    /// The same as a share of the machine's peak in the same round.
    public let shareOfPeak: Double
    /// For each mask, its time as a share of the dense time in the same round.
    public let timeShares: [Double]
  }

  /// Times the peak, the dense kernel and each mask in turn, round after round.
  /// - Throws: `GraphError` or `EngineError` if there is no such convolution.
  public func run(rounds: Int = 21) throws -> Result {
    let programs = try ([TapMask(dense: convolution.kernel)] + masks).map {
      try Program(model($0))
    }
    let count = programs[0].imagesPerPass
    let operations = 2.0 * Double(count * programs[0].computedMACs)
    let repeats = max(1, Int(20e6 / operations))
    let set = programs[0].instructionSet
    var speeds: [Double] = []
    var shares: [Double] = []
    var timeShares = [[Double]](repeating: [], count: masks.count)
    let clock = ContinuousClock()
    for round in 0...rounds {
      let peak = set.measuredPeak()
      let times = programs.map { program in
        let workspace = Workspace(program)
        workspace.compute(count: count)
        return clock.measure { for _ in 0..<repeats { workspace.compute(count: count) } }.seconds
      }
      guard round > 0 else { continue }
      let speed = operations * Double(repeats) / times[0]
      speeds.append(speed)
      shares.append(speed / peak)
      for (index, time) in times.dropFirst().enumerated() {
        timeShares[index].append(time / times[0])
      }
    }
    return Result(
      operationsPerSecond: speeds.median, shareOfPeak: shares.median,
      timeShares: timeShares.map(\.median))
  }

  /// The convolution alone, weights 1 where `mask` keeps them.
  private func model(_ mask: TapMask) throws(GraphError) -> Model {
    var convolution = convolution
    convolution.bias = nil
    let graph = try Graph(
      input: input,
      declarations: [.init(name: "conv", op: .convolution(convolution), inputs: ["input"])])
    let weight = graph.parameters(of: 1)[0]
    let values = (0..<weight.count).map { mask.keeps($0 % mask.kernel.area) ? Float(1) : 0 }
    return try Model(
      name: "benchmark", graph: graph, input: InputDescription(), classes: [],
      parameters: [weight.name: Parameter(shape: weight.shape, values: values)])
  }
}
