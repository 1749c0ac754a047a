internal import Dispatch
public import Formats
internal import Foundation
import ModelGraph
import Synchronization

/// Measures programs on a labelled data set, in parallel over images.
public struct Evaluator: Sendable {
  /// The images and labels.
  public let dataset: Dataset
  /// Threads that take images through the network.
  public let threads: Int

  /// An evaluator on `threads` threads, by default one a processor.
  public init(_ dataset: Dataset, threads: Int = Evaluator.defaultThreads) {
    self.dataset = dataset
    self.threads = max(1, threads)
  }

  /// One thread a processor.
  public static var defaultThreads: Int {
    max(1, ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The network's outputs for the images in `range`, `outputCount` values an image.
  ///
  /// Which thread computes which image has no influence on the values.
  /// - Returns: nil if `cancellation` was asked for before the end.
  public func outputs(
    of program: Program, range: Range<Int>? = nil, cancellation: Cancellation? = nil
  ) -> [Float]? {
    let range = (range ?? 0..<dataset.count).clamped(to: 0..<dataset.count)
    let size = program.inputShape.count
    let perPass = program.imagesPerPass
    let passes = (range.count + perPass - 1) / perPass
    let width = program.outputCount
    let nextPass = Atomic(0)
    let outputs = Mutex([Float](repeating: 0, count: range.count * width))
    DispatchQueue.concurrentPerform(iterations: min(threads, max(passes, 1))) { [dataset] _ in
      let workspace = Workspace(program, cancellation: cancellation)
      var results = [Float](repeating: 0, count: perPass * width)
      while cancellation?.isRequested != true {
        let pass = nextPass.add(1, ordering: .relaxed).oldValue
        guard pass < passes else { return }
        let first = pass * perPass
        let count = min(perPass, range.count - first)
        let start = (range.lowerBound + first) * size
        dataset.images.withUnsafeBufferPointer { images in
          results.withUnsafeMutableBufferPointer { results in
            workspace.run(
              .bytes(UnsafeBufferPointer(rebasing: images[start..<start + count * size])),
              outputs: UnsafeMutableBufferPointer(rebasing: results[..<(count * width)]))
          }
        }
        let rows = first * width..<(first + count) * width
        outputs.withLock { $0.replaceSubrange(rows, with: results[..<(count * width)]) }
      }
    }
    return cancellation?.isRequested == true ? nil : outputs.withLock { $0 }
  }

  /// Top-1 accuracy on the images in `range`, in chunks so that progress can be shown.
  ///
  /// - Parameter progress: called on the calling thread after every `chunk` images.
  /// - Returns: nil if `cancellation` was asked for before the end.
  public func accuracy(
    of program: Program, range: Range<Int>? = nil, chunk: Int = 500,
    cancellation: Cancellation? = nil, progress: (Accuracy) -> Void = { _ in }
  ) -> Accuracy? {
    let range = (range ?? 0..<dataset.count).clamped(to: 0..<dataset.count)
    var total = Accuracy(correct: 0, images: 0)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: chunk) {
      let part = first..<min(first + chunk, range.upperBound)
      guard let outputs = outputs(of: program, range: part, cancellation: cancellation) else {
        return nil
      }
      total.correct += correct(outputs, labels: dataset.labels[part])
      total.images += part.count
      progress(total)
    }
    return total
  }

  private func correct(_ outputs: [Float], labels: ArraySlice<Int32>) -> Int {
    let classes = outputs.count / max(labels.count, 1)
    return zip(labels, stride(from: 0, to: outputs.count, by: max(classes, 1))).count {
      label, row in
      let best = (row..<row + classes).max { outputs[$0] < outputs[$1] } ?? row
      return best - row == Int(label)
    }
  }
}

/// Asks work under way to stop; may be asked from any thread.
public final class Cancellation: Sendable {
  private let requested = Atomic(false)

  /// Not yet requested.
  public init() {}

  /// Whether somebody asked.
  public var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Asks.
  public func request() { requested.store(true, ordering: .relaxed) }
}
