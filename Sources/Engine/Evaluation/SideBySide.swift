public import Formats
public import LinearAlgebra
public import ModelGraph
public import Threads

/// Takes the calibration images through a dense and a pruned network side by side, layer by layer, and
/// lets each layer of the pruned one be revised by what it reads now and what it ought to yield.
///
/// The target of a layer is the dense layer's output behind its batch-norm, before activation. Where
/// a residual addition runs in the same step, it is the dense sum less the pruned network's other addend:
/// so the layer also makes up for the error of the shortcut.
public struct SideBySide: Sendable {
  /// As many of the calibration images as there is memory for what both networks' layers read: see `Itinerary`.
  public let dataset: Dataset
  private let graph: Graph
  private let dense: Program
  private let imagesPerPass: Int
  private let threads: Int

  private let memory: MemoryBudget

  /// Compiles the dense network.
  /// - Throws: `EngineError` if it cannot be.
  public init(
    dense model: Model, calibration: Calibration, threads: Int = Evaluator.defaultThreads
  ) throws(EngineError) {
    let imagesPerPass = try Program(model).imagesPerPass
    dense = try Program(model, imagesPerPass: imagesPerPass)
    graph = model.graph
    self.threads = max(1, threads)
    self.imagesPerPass = imagesPerPass
    memory = calibration.memory
    // The pruned network needs no more than the dense one.
    dataset = calibration.dataset.spread(
      Itinerary(dense).images(
        calibration.dataset.count, stoppingAt: dense.layerSteps, capacity: memory.liveActivations,
        copies: 2))
  }

  /// The moments of a layer when its turn comes.
  public struct Regression: Sendable {
    /// The layer.
    public let node: Int
    /// Of the inputs it has in the pruned network, and of what each remaining filter ought to yield.
    public let moments: MomentSums
  }

  /// Revises the layers of a pruned network in topological order.
  ///
  /// - Parameters:
  ///   - pruned: with the nodes of the dense graph.
  ///   - filters: for each layer to be revised the dense filters that are left of it, in order.
  ///   - revise: yields the network with this layer's weights changed, nil to leave it as it is.
  /// - Returns: the revised network; nil if `cancellation` was asked for.
  /// - Throws: `EngineError` if the pruned network cannot be compiled.
  public func revising(
    _ pruned: Model, filters: [Int: [Int]], cancellation: Cancellation? = nil,
    _ revise: (Model, Regression) -> Model?
  ) throws(EngineError) -> Model? {
    var model = pruned
    var program = try Program(pruned, imagesPerPass: imagesPerPass)
    let lanes = stride(from: 0, to: dataset.count, by: imagesPerPass).map { first in
      Lane(images: first..<min(first + imagesPerPass, dataset.count))
    }
    let (denseSpaces, prunedSpaces) = (
      WorkspacePool(capacity: threads), WorkspacePool(capacity: threads)
    )
    let (denseWay, prunedWay) = (Itinerary(dense), Itinerary(program))
    let layers = program.steps.indices.compactMap { index -> Layer? in
      guard let step = program.steps[index].layer, let filters = filters[step.node]
      else { return nil }
      return Layer(
        index: index, step, filters: filters, program, pruned.graph, dense, images: dataset.count)
    }
    for layer in layers where layer.input.features <= Calibration.mostFeatures {
      var moments = layer.emptySums
      let perLane = layer.sample.count * moments.width * imagesPerPass
      let lanesPerPanel = max(threads, memory.panels / 4 / max(perLane, 1))
      let held = (
        dense: denseWay.live(before: layer.index + 1), pruned: prunedWay.live(before: layer.index)
      )
      let size = denseWay.bytes(held.dense) + prunedWay.bytes(held.pruned)
      let isHeld = size * dataset.count <= memory.liveActivations
      for first in stride(from: 0, to: lanes.count, by: lanesPerPanel) {
        let part = lanes[first..<min(first + lanesPerPanel, lanes.count)]
        let panels = parallelMap(part.count, threads: threads) { [program] index in
          denseSpaces.withWorkspace(of: dense) { dense in
            prunedSpaces.withWorkspace(of: program) { pruned in
              lanes[first + index].observe(
                layer, dense, pruned, holding: isHeld ? held : nil, from: dataset)
            }
          }
        }
        if cancellation?.isRequested == true { return nil }
        for panel in panels {
          panel.withUnsafeBufferPointer { moments.add($0, threads: threads) }
        }
      }
      guard let revised = revise(model, Regression(node: layer.step.node, moments: moments))
      else { continue }
      model = revised
      program = try Program(revised, imagesPerPass: imagesPerPass)
    }
    return model
  }
}

/// A layer of the pruned network and the step of the dense one that it stands for.
struct Layer: Sendable {
  /// The step that computes it, in both programs.
  let index: Int
  let step: ConvolveStep
  let filters: [Int]
  let input: LayerInput
  let sample: PixelSample

  /// Nil if the programs do not go together there.
  fileprivate init?(
    index: Int, _ step: ConvolveStep, filters: [Int], _ program: Program, _ graph: Graph,
    _ dense: Program, images: Int
  ) {
    guard index < dense.steps.count, let own = dense.steps[index].layer,
      own.node == step.node, (own.residual == nil) == (step.residual == nil),
      let input = LayerInput(step, program, graph)
    else { return nil }
    self.index = index
    self.step = step
    self.filters = filters
    self.input = input
    sample = PixelSample(
      node: step.node, pixels: step.pixels, features: input.features, images: images,
      samplesPerFeature: 32)
  }

  fileprivate var emptySums: MomentSums {
    MomentSums(
      groups: input.groups, features: input.features, targets: filters.count / input.groups)
  }
}
