internal import CKernels

extension VectorKernels {
  /// Each piece's sums, added up in order.
  public static func channelSums(
    _ x: Tensor<Float>, threads: Int
  ) -> (sums: [Double], squares: [Double]) {
    let pieces = RowPieces(x)
    let width = pieces.width
    let sums: [Double] = x.withPointer { x in
      pieces.sums(of: 2 * width, threads: threads) { sums, first, rows in
        sculpt_channel_moments(x + first, rows, Int32(width), sums, sums + width)
      }
    }
    return (Array(sums[..<width]), Array(sums[width...]))
  }

  /// Eight channels at a time.
  public static func channelAffine(
    _ x: Tensor<Float>, residual: Tensor<Float>?, scale: [Float], shift: [Float],
    clamp: ClosedRange<Float>, threads: Int
  ) -> Tensor<Float> {
    let pieces = RowPieces(x)
    return x.withPointer { from in
      (residual ?? x).withPointer { other in
        Tensor<Float>(shape: x.shape) { y in
          guard let y = y.baseAddress else { return }
          pieces.forEach(threads: threads) { _, first, rows in
            sculpt_channel_affine(
              from + first, residual == nil ? nil : other + first, rows, Int32(pieces.width),
              scale, shift, clamp.lowerBound, clamp.upperBound, y + first)
          }
        }
      }
    }
  }

  /// Each piece's sums, added up in order.
  public static func channelGradientSums(
    _ gradient: ClampedGradient<Float>, _ x: Tensor<Float>, threads: Int
  ) -> (sums: [Double], products: [Double]) {
    let pieces = RowPieces(x)
    let width = pieces.width
    let sums: [Double] = gradient.withPointers { g, y, scale, shift in
      x.withPointer { x in
        pieces.sums(of: 2 * width, threads: threads) { sums, first, rows in
          sculpt_channel_gradient_sums(
            g + first, y.map { $0 + first }, scale, shift, gradient.clamp.lowerBound,
            gradient.clamp.upperBound, x + first, rows, Int32(width), sums, sums + width)
        }
      }
    }
    return (Array(sums[..<width]), Array(sums[width...]))
  }

  /// Eight channels at a time, in one pass for both results.
  public static func channelGradient(
    _ gradient: ChannelGradient<Float>, keepsClamped: Bool, threads: Int
  ) -> (x: Tensor<Float>, clamped: Tensor<Float>?) {
    let pieces = RowPieces(gradient.x)
    var passed: Tensor<Float>?
    let result = Tensor<Float>(shape: gradient.x.shape) { dx in
      guard let dx = dx.baseAddress else { return }
      passed = gradient.withKernel(keepingClamped: keepsClamped) { compute in
        pieces.forEach(threads: threads) { _, first, rows in
          compute(first, rows, dx + first)
        }
      }
    }
    return (result, passed)
  }

  /// Eight values of a row at a time.
  public static func normalizedRows(
    _ x: Tensor<Float>, gain: Tensor<Float>, bias: Tensor<Float>, epsilon: Float, threads: Int
  ) -> NormalizedRows<Float> {
    let pieces = RowPieces(x)
    var means = [Float](repeating: 0, count: pieces.rows)
    var scales = means
    let output = x.withPointer { from in
      Tensor<Float>(shape: x.shape) { y in
        means.withUnsafeMutableBufferPointer { means in
          scales.withUnsafeMutableBufferPointer { scales in
            guard let y = y.baseAddress, let means = means.baseAddress,
              let scales = scales.baseAddress
            else { return }
            pieces.forEach(threads: threads) { _, first, rows in
              let row = first / pieces.width
              sculpt_normalize_rows(
                from + first, Int32(rows), Int32(pieces.width), gain.scalars, bias.scalars,
                epsilon, y + first, means + row, scales + row)
            }
          }
        }
      }
    }
    return NormalizedRows(output: output, means: means, scales: scales)
  }

  /// Eight values of a row at a time; the sums over rows are added up in order of the pieces.
  public static func normalizedRowsGradient(
    _ gradient: Tensor<Float>, _ x: Tensor<Float>, gain: Tensor<Float>,
    _ rows: NormalizedRows<Float>, threads: Int
  ) -> (x: Tensor<Float>, gain: Tensor<Float>, bias: Tensor<Float>) {
    let pieces = RowPieces(x)
    let width = pieces.width
    var sums: [Float] = []
    let result = gradient.withPointer { g in
      x.withPointer { from in
        Tensor<Float>(shape: x.shape) { dx in
          guard let dx = dx.baseAddress else { return }
          sums = pieces.sums(of: 2 * width, threads: threads) { sums, first, count in
            rows.means.withUnsafeBufferPointer { means in
              rows.scales.withUnsafeBufferPointer { scales in
                guard let means = means.baseAddress, let scales = scales.baseAddress else {
                  return
                }
                let row = first / width
                sculpt_normalize_rows_gradient(
                  g + first, from + first, Int32(count), Int32(width), gain.scalars, means + row,
                  scales + row, dx + first, sums, sums + width)
              }
            }
          }
        }
      }
    }
    return (
      result, Tensor(shape: gain.shape, scalars: Array(sums[..<width])),
      Tensor(shape: gain.shape, scalars: Array(sums[width...]))
    )
  }
}

extension ClampedGradient<Float> {
  /// Calls `body` with the gradient, the clamp's result if that is kept, else the scales and shifts of its argument.
  fileprivate func withPointers<Result>(
    _ body: (
      _ gradient: UnsafePointer<Float>, _ y: UnsafePointer<Float>?, _ scale: [Float],
      _ shift: [Float]
    ) -> Result
  ) -> Result {
    gradient.withPointer { g in
      switch argument {
      case .result(let y): y.withPointer { body(g, $0, [], []) }
      case .affine(let scale, let shift): body(g, nil, scale, shift)
      }
    }
  }
}

extension ChannelGradient<Float> {
  /// Calls `body` with what computes some rows of the gradient, and yields the clamped one if it is wanted.
  func withKernel(
    keepingClamped: Bool,
    _ body: ((_ first: Int, _ rows: Int, _ target: UnsafeMutablePointer<Float>) -> Void) -> Void
  ) -> Tensor<Float>? {
    clamped.withPointers { g, y, yScale, yShift in
      x.withPointer { from in
        func run(_ kept: UnsafeMutablePointer<Float>?) {
          body { first, rows, target in
            sculpt_channel_gradient(
              g + first, y.map { $0 + first }, yScale, yShift, clamped.clamp.lowerBound,
              clamped.clamp.upperBound, from + first, rows, Int32(scale.count), scale, slope,
              shift, target, kept.map { $0 + first })
          }
        }
        if keepingClamped { return Tensor(shape: x.shape) { run($0.baseAddress) } }
        run(nil)
        return nil
      }
    }
  }
}
