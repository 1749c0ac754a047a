public import Formats
internal import Foundation
public import Metrics
import ModelGraph
import Synchronization
public import Threads

/// Measures programs on a labelled data set, in parallel over images.
///
///     let file = try ModelFile.read(at: sample)
///     let source = try #require(file.data[.validation])
///     let images = try Dataset.read(source, for: file.model).prefix(64)
///     let accuracy = Evaluator(images).accuracy(of: try Program(file.model))
public struct Evaluator: Sendable {
  /// The images and labels.
  public let dataset: Dataset
  /// Threads that take images through the network.
  public let threads: Int
  /// Activations kept from one program to the next; nil if every program is computed in full.
  public let cache: PrefixCache?

  /// An evaluator on `threads` threads, by default one a processor.
  public init(
    _ dataset: Dataset, threads: Int = Evaluator.defaultThreads, cache: PrefixCache? = nil
  ) {
    self.dataset = dataset
    self.threads = max(1, threads)
    self.cache = cache
  }

  /// One thread a processor.
  public static var defaultThreads: Int {
    max(1, ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The network's outputs for the images in `range`, `outputCount` values an image.
  ///
  /// Neither the number of threads nor what the cache holds has an influence on the values.
  /// - Returns: nil if `cancellation` was asked for before the end.
  public func outputs(
    of program: Program, range: Range<Int>? = nil, cancellation: Cancellation? = nil
  ) -> [Float]? {
    let range = (range ?? 0..<dataset.count).clamped(to: 0..<dataset.count)
    let plan = cache?.plan(program, images: range.count)
    return outputs(of: program, range: range, cancellation: cancellation, plan: plan)
  }

  private func outputs(
    of program: Program, range: Range<Int>, cancellation: Cancellation?, plan: PrefixCache.Plan?
  ) -> [Float]? {
    let perPass = program.imagesPerPass
    let passes = (range.count + perPass - 1) / perPass
    let width = program.outputCount
    let nextPass = Atomic(0)
    let outputs = Mutex([Float](repeating: 0, count: range.count * width))
    onThreads(min(threads, passes)) {
      let workspace = Workspace(program, cancellation: cancellation)
      var results = [Float](repeating: 0, count: perPass * width)
      while cancellation?.isRequested != true {
        let pass = nextPass.add(1, ordering: .relaxed).oldValue
        guard pass < passes else { return }
        let first = pass * perPass
        let images = range.lowerBound + first..<range.lowerBound + min(first + perPass, range.count)
        results.withUnsafeMutableBufferPointer { results in
          let target = UnsafeMutableBufferPointer(rebasing: results[..<(images.count * width)])
          run(workspace, images, plan, to: target)
        }
        guard cancellation?.isRequested != true else { return }
        let rows = first * width..<(first + images.count) * width
        outputs.withLock { $0.replaceSubrange(rows, with: results[..<(images.count * width)]) }
      }
    }
    return cancellation?.isRequested == true ? nil : outputs.withLock { $0 }
  }

  /// Takes some images through the network, from the deepest cut on whose activations are known.
  private func run(
    _ workspace: borrowing Workspace, _ images: Range<Int>, _ plan: PrefixCache.Plan?,
    to outputs: UnsafeMutableBufferPointer<Float>
  ) {
    var start = 0
    if let cache, let plan {
      for cut in plan.known {
        guard let activations = cache.activations(cut.fingerprint, images) else { continue }
        workspace.restore(activations[...], toBuffer: cut.buffer, images.count)
        start = cut.step
        break
      }
    }
    if start == 0 {
      dataset.withInputs(images) { _ = workspace.load($0) }
    }
    for cut in (plan?.kept ?? []).reversed() where cut.step > start {
      workspace.compute(start..<cut.step, count: images.count)
      if workspace.isCancelled { return }
      cache?.keep(
        workspace.activations(inBuffer: cut.buffer, images.count), cut.fingerprint, images)
      start = cut.step
    }
    workspace.compute(start..<workspace.program.steps.count, count: images.count)
    if !workspace.isCancelled { workspace.unload(outputs, count: images.count) }
  }

  /// Top-1 accuracy on the images in `range`, in chunks so that progress can be shown.
  ///
  /// - Parameters:
  ///   - race: what the program must be able to beat; as soon as it cannot any more, the rest of the
  ///     images is left out and the accuracy rests on those seen.
  ///   - progress: called on the calling thread after every `chunk` images.
  /// - Returns: nil if `cancellation` was asked for before the end.
  public func accuracy(
    of program: Program, range: Range<Int>? = nil, chunk: Int = 500, race: Race? = nil,
    cancellation: Cancellation? = nil, progress: (Accuracy) -> Void = { _ in }
  ) -> Accuracy? {
    let range = (range ?? 0..<dataset.count).clamped(to: 0..<dataset.count)
    let plan = cache?.plan(program, images: range.count)
    let looks = (range.count + chunk - 1) / max(chunk, 1)
    var total = Accuracy(correct: 0, images: 0)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: chunk) {
      let part = first..<min(first + chunk, range.upperBound)
      guard
        let outputs = outputs(of: program, range: part, cancellation: cancellation, plan: plan)
      else { return nil }
      total.correct += Accuracy.correct(outputs, labels: dataset.labels[part])
      total.images += part.count
      progress(total)
      if let race, race.isLost(total, of: range.count, looks: looks) { break }
    }
    return total
  }
}

extension Dataset {
  /// Calls `body` with some images as a workspace takes them.
  func withInputs(_ images: Range<Int>, _ body: (InputBatch) -> Void) {
    let range = images.lowerBound * shape.count..<images.upperBound * shape.count
    switch pixels {
    case .bytes(let bytes):
      bytes.withUnsafeBufferPointer {
        body(.bytes(UnsafeBufferPointer(rebasing: $0[range])))
      }
    case .values(let values):
      values.withUnsafeBufferPointer {
        body(.values(UnsafeBufferPointer(rebasing: $0[range])))
      }
    }
  }
}
