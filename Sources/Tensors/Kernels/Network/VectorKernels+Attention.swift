internal import CKernels
public import ModelGraph
internal import Threads

extension VectorKernels {
  /// The probabilities are [N, heads, T, S], rows filled up to whole blocks of eight.
  public static func attention(
    _ inputs: AttentionInputs<Float>, _ attention: Attention, threads: Int
  ) -> (output: Tensor<Float>, probabilities: Tensor<Float>) {
    let shape = AttentionShape(inputs, attention)
    let (t, s, d) = (shape.queries, shape.keys, shape.headKeys)
    let row = shape.paddedKeys
    var output = Tensor<Float>(shape: [0], scalars: [])
    let probabilities = inputs.withPointers { q, k, v in
      Tensor<Float>(shape: [shape.images, shape.heads, t, row]) { probabilities in
        guard let probabilities = probabilities.baseAddress else { return }
        output = Tensor<Float>(shape: [shape.images, t, shape.valueWidth]) { y in
          guard let y = y.baseAddress else { return }
          parallel(
            shape.images, threads: threads,
            scratch: { [Float](repeating: 0, count: d * row) }
          ) { image, keys in
            for head in 0..<shape.heads {
              let scores = probabilities + (image * shape.heads + head) * t * row
              transpose(
                k + shape.key(image, head, 0, 0), rows: s, columns: d, stride: shape.keyWidth,
                to: &keys, stride: row)
              sculpt_product(
                Int32(t), Int32(row), Int32(d), attention.scale, q + shape.query(image, head, 0, 0),
                shape.keyWidth, 1, keys, row, scores, row)
              for query in 0..<t {
                let scores = scores + query * row
                sculpt_softmax(scores, 8, scores, 8, Int32(s), 1)
              }
              sculpt_product(
                Int32(t), Int32(shape.headValues), Int32(s), 1, scores, row, 1,
                v + shape.value(image, head, 0, 0), shape.valueWidth,
                y + shape.output(image, head, 0, 0), shape.valueWidth)
            }
          }
        }
      }
    }
    return (output, probabilities)
  }

  /// The gradients of attention, image by image.
  public static func attentionGradient(
    _ gradient: Tensor<Float>, _ inputs: AttentionInputs<Float>, probabilities: Tensor<Float>,
    _ attention: Attention, threads: Int
  ) -> AttentionInputs<Float> {
    let shape = AttentionShape(inputs, attention)
    let (t, s, row) = (shape.queries, shape.keys, shape.paddedKeys)
    let (d, e) = (shape.headKeys, shape.headValues)
    var (dk, dv) = (Tensor<Float>(shape: [0], scalars: []), Tensor<Float>(shape: [0], scalars: []))
    let dq = inputs.withPointers { q, k, v in
      gradient.withPointer { g in
        probabilities.withPointer { p in
          Tensor<Float>(shape: inputs.queries.shape) { dq in
            dk = Tensor<Float>(shape: inputs.keys.shape) { dk in
              dv = Tensor<Float>(shape: inputs.values.shape) { dv in
                guard let dq = dq.baseAddress, let dk = dk.baseAddress, let dv = dv.baseAddress
                else { return }
                parallel(
                  shape.images, threads: threads,
                  scratch: {
                    (
                      values: [Float](repeating: 0, count: e * row),
                      scores: [Float](repeating: 0, count: t * row)
                    )
                  }
                ) { image, scratch in
                  for head in 0..<shape.heads {
                    let p = p + (image * shape.heads + head) * t * row
                    let g = g + shape.output(image, head, 0, 0)
                    let q = q + shape.query(image, head, 0, 0)
                    transpose(
                      v + shape.value(image, head, 0, 0), rows: s, columns: e,
                      stride: shape.valueWidth, to: &scratch.values, stride: row)
                    sculpt_product(
                      Int32(t), Int32(row), Int32(e), 1, g, shape.valueWidth, 1, scratch.values,
                      row, &scratch.scores, row)
                    sculpt_softmax_gradient(
                      &scratch.scores, p, Int32(t), Int32(s), row, attention.scale)
                    sculpt_product(
                      Int32(t), Int32(d), Int32(s), 1, scratch.scores, row, 1,
                      k + shape.key(image, head, 0, 0), shape.keyWidth,
                      dq + shape.query(image, head, 0, 0), shape.keyWidth)
                    sculpt_product(
                      Int32(s), Int32(d), Int32(t), 1, scratch.scores, 1, row, q, shape.keyWidth,
                      dk + shape.key(image, head, 0, 0), shape.keyWidth)
                    sculpt_product(
                      Int32(s), Int32(e), Int32(t), 1, p, 1, row, g, shape.valueWidth,
                      dv + shape.value(image, head, 0, 0), shape.valueWidth)
                  }
                }
              }
            }
          }
        }
      }
    }
    return AttentionInputs(queries: dq, keys: dk, values: dv)
  }

  /// Writes a matrix with rows and columns exchanged.
  private static func transpose(
    _ source: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int, to target: inout [Float],
    stride targetStride: Int
  ) {
    target.withUnsafeMutableBufferPointer { target in
      for r in 0..<rows {
        for c in 0..<columns { target[c &* targetStride &+ r] = source[r &* stride &+ c] }
      }
    }
  }
}

extension AttentionShape {
  /// Keys filled up to whole blocks of eight.
  fileprivate var paddedKeys: Int { (keys + 7) / 8 * 8 }
}

extension AttentionInputs<Float> {
  fileprivate func withPointers<Result>(
    _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Result
  ) -> Result {
    queries.withPointer { q in
      keys.withPointer { k in values.withPointer { v in body(q, k, v) } }
    }
  }
}
