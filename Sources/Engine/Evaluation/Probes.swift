import Formats
internal import Kernels
internal import Metrics
import ModelGraph

/// How long a program takes for made-up images: no data set and no trained weights are needed.
public struct ThroughputProbe: Sendable {
  private let program: Program
  private let evaluator: Evaluator

  /// A probe that takes `images` images through a program on `threads` threads.
  ///
  /// - Parameter cache: what earlier evaluations left behind, if it is to be used.
  public init(_ program: Program, images: Int, threads: Int, cache: PrefixCache? = nil) {
    self.program = program
    let count = program.inputShape.count * images
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    evaluator = Evaluator(
      Dataset(
        images: bytes, labels: [Int32](repeating: 0, count: images), shape: program.inputShape),
      threads: threads, cache: cache)
  }

  /// The seconds that all images take once.
  public func seconds() -> Double {
    ContinuousClock().measure { _ = evaluator.outputs(of: program) }.seconds
  }
}

/// How long a program takes for one image on one thread, from its values to the outputs, everything
/// else already in place.
public struct LatencyProbe: ~Copyable {
  private let workspace: Workspace
  private let inputs: [Float]

  /// A probe of a program; it is run once, so that its memory is there.
  public init(_ program: Program) {
    workspace = Workspace(program)
    inputs = (0..<program.inputShape.count).map { Float($0 % 251) / 251 }
    _ = seconds()
  }

  /// The seconds that one image takes.
  public func seconds() -> Double {
    var outputs = [Float](repeating: 0, count: workspace.program.outputCount)
    return ContinuousClock().measure {
      inputs.withUnsafeBufferPointer { inputs in
        outputs.withUnsafeMutableBufferPointer {
          workspace.run(.values(inputs), outputs: $0)
        }
      }
    }.seconds
  }
}

extension LatencyProbe {
  /// The seconds that each node takes within the network, the median of `rounds`; nodes that are fused
  /// with others are listed with the first of them.
  public func secondsOfNodes(rounds: Int) -> [Int: Double] {
    let program = workspace.program
    let clock = ContinuousClock()
    var times = [[Double]](repeating: [], count: program.steps.count)
    for _ in 0..<rounds {
      for step in program.steps.indices {
        times[step].append(clock.measure { workspace.compute(step..<step + 1, count: 1) }.seconds)
      }
    }
    return zip(program.nodesOfStep, times).reduce(into: [:]) { result, step in
      result[step.0[0], default: 0] += step.1.median
    }
  }
}
