import Formats
public import LinearAlgebra
public import ModelGraph
internal import Synchronization
public import Threads

/// The mean and covariance of what a convolution or linear layer reads: of its im2col features, zeros
/// of the padding included.
public struct InputMoments: Sendable {
  /// Features of a group, as the weight has them: input channel, then tap.
  public let features: Int
  /// `[groups][features]`.
  public let mean: [Double]
  /// The covariance about the mean, one a group; a depthwise convolution has a group a channel.
  public let covariances: [SymmetricMatrix]

  init(_ sums: MomentSums) {
    features = sums.features
    mean = sums.featureMeans
    covariances = (0..<sums.groups).map { sums.covariance(ofGroup: $0) }
  }

  /// The moments of several layers with one weight: each keeps its mean, and the covariance becomes that of all.
  ///
  /// Layers with intercepts of their own differ in their means for free. Each layer counts alike, however many pixels
  /// it reads.
  public static func pooled(_ layers: [InputMoments]) -> [InputMoments] {
    guard let first = layers.first, layers.count > 1 else { return layers }
    let covariances = first.covariances.indices.map { group in
      var sum = first.covariances[group].triangle
      for layer in layers.dropFirst() {
        for (place, value) in layer.covariances[group].triangle.enumerated() {
          sum[place] += value
        }
      }
      let count = Double(layers.count)
      return SymmetricMatrix(order: first.features, triangle: sum.map { $0 / count })
    }
    return layers.map {
      InputMoments(features: first.features, mean: $0.mean, covariances: covariances)
    }
  }

  private init(features: Int, mean: [Double], covariances: [SymmetricMatrix]) {
    self.features = features
    self.mean = mean
    self.covariances = covariances
  }

  /// Moments that were kept: `[groups][features]`, and a triangle of each group's covariance; nil if they do not go
  /// together.
  public init?(groups: Int, mean: [Double], triangles: [Double]) {
    guard groups > 0, !mean.isEmpty, mean.count.isMultiple(of: groups) else { return nil }
    let features = mean.count / groups
    guard features < 1 << 24 else { return nil }
    let size = SymmetricMatrix.triangleCount(order: features)
    let (whole, overflow) = size.multipliedReportingOverflow(by: groups)
    guard !overflow, triangles.count == whole else { return nil }
    self.features = features
    self.mean = mean
    covariances = (0..<groups).map { group in
      SymmetricMatrix(
        order: features, triangle: Array(triangles[group * size..<(group + 1) * size]))
    }
  }
}

extension Calibration {
  /// Layers with more features than this are left out: their covariance would take more than 160 MB,
  /// and be estimated from too few images.
  public static let mostFeatures = 4608

  /// The moments of the inputs of convolutions and linear layers over the calibration images.
  ///
  /// Where a layer has many output pixels, some of each image are drawn: 32 for each feature over all
  /// images, at least 16,384. The same images give the same moments, on any number of threads.
  ///
  /// - Parameters:
  ///   - nodes: the layers; all by default. Those with more than `mostFeatures` features, or whose covariance
  ///     does not fit in its share of the memory, are left out.
  ///   - samplesPerFeature: output pixels for each feature.
  /// - Returns: by node; nil if `cancellation` was asked for.
  /// - Throws: `EngineError` if the model cannot be compiled.
  public func inputMoments(
    of model: Model, nodes: Set<Int>? = nil, samplesPerFeature: Int = 32,
    threads: Int = Evaluator.defaultThreads, cancellation: Cancellation? = nil
  ) throws(EngineError) -> [Int: InputMoments]? {
    let program = try Program(model)
    var layers: [SampledLayer] = []
    var bytes = 0
    var result: [Int: InputMoments] = [:]
    func finish() -> Bool {
      let sums = sums(of: layers, program, threads: threads, cancellation: cancellation)
      for (layer, sums) in zip(layers, sums ?? []) { result[layer.step.node] = InputMoments(sums) }
      (layers, bytes) = ([], 0)
      return sums != nil
    }
    for case .convolve(let step) in program.steps where nodes?.contains(step.node) ?? true {
      guard let input = LayerInput(step, program, model.graph), input.features <= Self.mostFeatures,
        input.features * input.features * 8 <= memory.covariances
      else { continue }
      let size = input.groups * input.features * input.features * 8
      if bytes + size > memory.covariances, !finish() { return nil }
      bytes += size
      layers.append(
        SampledLayer(
          step: step, input: input,
          sample: PixelSample(
            node: step.node, pixels: step.pixels, features: input.features, images: dataset.count,
            samplesPerFeature: samplesPerFeature)))
    }
    return finish() ? result : nil
  }

  /// Looks at some inputs of each layer over the calibration images, drawn likewise.
  ///
  /// - Parameters:
  ///   - samples: output pixels whose inputs are looked at, over all images.
  ///   - body: called on some thread with a layer's node and its inputs, `[samples][groups][features]`.
  /// - Returns: what `body` makes of them, by node; nil if `cancellation` was asked for.
  /// - Throws: `EngineError` if the model cannot be compiled.
  public func mapInputs<Value: Sendable>(
    of model: Model, nodes: Set<Int>, samples: Int, threads: Int = Evaluator.defaultThreads,
    cancellation: Cancellation? = nil, _ body: @Sendable (_ node: Int, [Float]) -> Value
  ) throws(EngineError) -> [Int: Value]? {
    let program = try Program(model)
    var result: [Int: Value] = [:]
    var (layers, bytes) = ([SampledLayer](), 0)
    func finish() -> Bool {
      let panels = panels(
        of: layers, 0..<dataset.count, program, threads: threads, cancellation: cancellation)
      if cancellation?.isRequested == true { return false }
      let values = parallelMap(layers.count, threads: threads) { [layers] index in
        body(layers[index].step.node, panels[index])
      }
      for (layer, value) in zip(layers, values) { result[layer.step.node] = value }
      (layers, bytes) = ([], 0)
      return true
    }
    for case .convolve(let step) in program.steps where nodes.contains(step.node) {
      guard let input = LayerInput(step, program, model.graph) else { continue }
      let sample = PixelSample(
        node: step.node, pixels: step.pixels, images: dataset.count, samples: samples)
      let size = sample.count * dataset.count * input.offsets.count * 4
      if bytes + size > memory.panels, !finish() { return nil }
      bytes += size
      layers.append(SampledLayer(step: step, input: input, sample: sample))
    }
    return finish() ? result : nil
  }

  /// A layer whose input is looked at.
  private struct SampledLayer {
    let step: ConvolveStep
    let input: LayerInput
    let sample: PixelSample
  }

  /// The sums over all images, one for each layer; nil if cancelled.
  private func sums(
    of layers: [SampledLayer], _ program: Program, threads: Int, cancellation: Cancellation?
  ) -> [MomentSums]? {
    var sums = layers.map { MomentSums(groups: $0.input.groups, features: $0.input.features) }
    let floatsPerImage = zip(layers, sums).reduce(0) { $0 + $1.0.sample.count * $1.1.width }
    let most = max(1, memory.panels / 4 / max(floatsPerImage, 1))
    let perRound = min(256, max(1, most / program.imagesPerPass) * program.imagesPerPass)
    for first in stride(from: 0, to: dataset.count, by: perRound) {
      let images = first..<min(first + perRound, dataset.count)
      let panels = panels(of: layers, images, program, threads: threads, cancellation: cancellation)
      if cancellation?.isRequested == true { return nil }
      for (layer, panel) in panels.enumerated() {
        panel.withUnsafeBufferPointer { sums[layer].add($0, threads: threads) }
      }
    }
    return sums
  }

  /// The features of the pixels drawn from some images, image after image, one panel for each layer.
  private func panels(
    of layers: [SampledLayer], _ images: Range<Int>, _ program: Program, threads: Int,
    cancellation: Cancellation?
  ) -> [[Float]] {
    let layerOfNode = Dictionary(
      uniqueKeysWithValues: layers.enumerated().map { ($1.step.node, $0) })
    let widths = layers.map { $0.sample.count * $0.input.offsets.count }
    let panels = widths.map {
      UnsafeMutableBufferPointer<Float>.allocate(capacity: $0 * images.count)
    }
    defer { for panel in panels { panel.deallocate() } }
    // Every image writes a part of its own.
    nonisolated(unsafe) let targets = panels
    let passes = (images.count + program.imagesPerPass - 1) / program.imagesPerPass
    let nextPass = Atomic(0)
    onThreads(min(threads, passes)) {
      let workspace = Workspace(program, cancellation: cancellation)
      var outputs = [Float](repeating: 0, count: program.imagesPerPass * program.outputCount)
      while cancellation?.isRequested != true {
        let pass = nextPass.add(1, ordering: .relaxed).oldValue
        guard pass < passes else { return }
        let start = images.lowerBound + pass * program.imagesPerPass
        let part = start..<min(start + program.imagesPerPass, images.upperBound)
        outputs.withUnsafeMutableBufferPointer { outputs in
          let outputs = UnsafeMutableBufferPointer(
            rebasing: outputs[..<(part.count * program.outputCount)])
          dataset.withInputs(part) { inputs in
            workspace.run(inputs, outputs: outputs) { step, count in
              guard case .convolve(let step) = step, let index = layerOfNode[step.node],
                let target = targets[index].baseAddress
              else { return false }
              let layer = layers[index]
              for image in 0..<count {
                workspace.gather(
                  layer.input, step, image: image,
                  pixels: layer.sample.drawn(fromImage: start + image),
                  into: target + (start + image - images.lowerBound) * widths[index],
                  stride: layer.input.offsets.count)
              }
              return false
            }
          }
        }
      }
    }
    return cancellation?.isRequested == true ? [] : panels.map { Array($0) }
  }
}
