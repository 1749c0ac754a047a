internal import CKernels
internal import Kernels
public import ModelGraph
internal import Threads

extension VectorKernels {
  /// By the engine's functions, eight elements at a time.
  public static func activation(
    _ function: Activation, _ x: Tensor<Float>, threads: Int
  ) -> Tensor<Float> {
    let (kind, alpha, beta) = function.kernel
    return x.withPointer { from in
      Tensor(shape: x.shape) { y in
        guard let y = y.baseAddress else { return }
        forEachRun(of: x.count, threads: threads) { first, count in
          let whole = count / 8
          sculpt_activate(kind, alpha, beta, from + first, 0, y + first, 0, 1, Int32(whole), 8)
          let rest = count - whole * 8
          guard rest > 0 else { return }
          let start = first + whole * 8
          withUnsafeTemporaryAllocation(of: Float.self, capacity: 8) { lanes in
            guard let lanes = lanes.baseAddress else { return }
            lanes.initialize(repeating: 0, count: 8)
            lanes.update(from: from + start, count: rest)
            sculpt_activate(kind, alpha, beta, lanes, 0, lanes, 0, 1, 1, 8)
            (y + start).update(from: lanes, count: rest)
          }
        }
      }
    }
  }

  /// By the derivatives of the engine's functions, eight elements at a time.
  public static func activationGradient(
    _ function: Activation, _ gradient: Tensor<Float>, _ x: Tensor<Float>, threads: Int
  ) -> Tensor<Float> {
    let (kind, alpha, beta) = function.kernel
    return x.withPointer { from in
      gradient.withPointer { g in
        Tensor(shape: x.shape) { dx in
          guard let dx = dx.baseAddress else { return }
          forEachRun(of: x.count, threads: threads) { first, count in
            sculpt_activation_gradient(
              kind, alpha, beta, from + first, g + first, dx + first, count)
          }
        }
      }
    }
  }

  /// x + y, in runs of 64 KiB.
  public static func sum(_ x: Tensor<Float>, _ y: Tensor<Float>, threads: Int) -> Tensor<Float> {
    precondition(x.shape == y.shape, "\(x.shape) and \(y.shape) differ")
    return x.withPointer { x in
      y.withPointer { other in
        Tensor<Float>(shape: y.shape) { z in
          guard let z = z.baseAddress else { return }
          forEachRun(of: y.count, threads: threads) { first, count in
            for i in first..<first + count { z[i] = x[i] + other[i] }
          }
        }
      }
    }
  }

  private static func forEachRun(
    of count: Int, threads: Int, _ body: (_ first: Int, _ count: Int) -> Void
  ) {
    let length = 1 << 14
    parallel((count + length - 1) / length, threads: threads) { run in
      body(run * length, min(length, count - run * length))
    }
  }
}
