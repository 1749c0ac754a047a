extension Program {
  /// The same steps, with each channel of some layers' outputs scaled and shifted before addition and activation:
  /// in the packed weights and biases.
  ///
  /// - Parameter corrections: by the node of a convolution or linear layer.
  public func correcting(_ corrections: [Int: Calibration.Correction]) -> Program {
    var corrected = self
    for case .convolve(let step) in steps {
      guard let correction = corrections[step.node] else { continue }
      for call in step.calls {
        corrected.constants.withUnsafeMutableBufferPointer {
          call.correct(&$0, rows: call.entries * max(step.lanes, 1), correction)
        }
      }
    }
    return corrected
  }
}

extension ConvolveStep.Call {
  /// Scales so many rows of packed weights, and the bias, which the first chunk of the tiles holds.
  fileprivate func correct(
    _ constants: inout UnsafeMutableBufferPointer<Float>, rows: Int,
    _ correction: Calibration.Correction
  ) {
    let channels = blocks.flatMap { $0 * 8..<$0 * 8 + 8 }
    for (column, channel) in channels.enumerated() where channel < correction.scale.count {
      let shift = continues ? 0 : correction.shift[channel]
      constants[bias + column] = constants[bias + column] * correction.scale[channel] + shift
    }
    // Columns of filters that do not exist are zero.
    let scales = channels.map { $0 < correction.scale.count ? correction.scale[$0] : 0 }
    scales.withUnsafeBufferPointer { scales in
      for row in 0..<rows {
        let start = weights + row * scales.count
        for column in 0..<scales.count { constants[start + column] *= scales[column] }
      }
    }
  }
}
