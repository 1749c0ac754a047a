public import ModelGraph

extension PlainKernels {
  /// Attention, one query after another.
  public static func attention(
    _ inputs: AttentionInputs<Scalar>, _ attention: Attention, threads: Int
  ) -> (output: Tensor<Scalar>, probabilities: Tensor<Scalar>) {
    let shape = AttentionShape(inputs, attention)
    let scale = Scalar(attention.scale)
    var output = Tensor<Scalar>(
      shape: [shape.images, shape.queries, shape.valueWidth], repeating: 0)
    var probabilities = Tensor<Scalar>(
      shape: [shape.images, shape.heads, shape.queries, shape.keys], repeating: 0)
    shape.forEachRow { image, head, t, row in
      let scores = (0..<shape.keys).map { s in
        (0..<shape.headKeys).reduce(Scalar.zero) { sum, c in
          sum + inputs.queries.scalars[shape.query(image, head, t, c)]
            * inputs.keys.scalars[shape.key(image, head, s, c)]
        } * scale
      }
      let top = scores.max() ?? 0
      let exponentials = scores.map { Scalar.exp($0 - top) }
      let sum = exponentials.reduce(0, +)
      for s in 0..<shape.keys {
        let p = exponentials[s] / sum
        probabilities.scalars[row * shape.keys + s] = p
        for c in 0..<shape.headValues {
          output.scalars[shape.output(image, head, t, c)] +=
            p * inputs.values.scalars[shape.value(image, head, s, c)]
        }
      }
    }
    return (output, probabilities)
  }

  /// The gradients of attention, one query after another.
  public static func attentionGradient(
    _ gradient: Tensor<Scalar>, _ inputs: AttentionInputs<Scalar>, probabilities: Tensor<Scalar>,
    _ attention: Attention, threads: Int
  ) -> AttentionInputs<Scalar> {
    let shape = AttentionShape(inputs, attention)
    let scale = Scalar(attention.scale)
    var result = AttentionInputs<Scalar>(
      queries: Tensor(shape: inputs.queries.shape, repeating: 0),
      keys: Tensor(shape: inputs.keys.shape, repeating: 0),
      values: Tensor(shape: inputs.values.shape, repeating: 0))
    shape.forEachRow { image, head, t, row in
      let p = probabilities.scalars[row * shape.keys..<(row + 1) * shape.keys].map { $0 }
      let ofProbabilities = (0..<shape.keys).map { s in
        (0..<shape.headValues).reduce(Scalar.zero) { sum, c in
          sum + gradient.scalars[shape.output(image, head, t, c)]
            * inputs.values.scalars[shape.value(image, head, s, c)]
        }
      }
      let mean = Swift.zip(p, ofProbabilities).reduce(0) { $0 + $1.0 * $1.1 }
      for s in 0..<shape.keys {
        let ofScore = p[s] * (ofProbabilities[s] - mean) * scale
        for c in 0..<shape.headKeys {
          let (q, k) = (shape.query(image, head, t, c), shape.key(image, head, s, c))
          result.queries.scalars[q] += ofScore * inputs.keys.scalars[k]
          result.keys.scalars[k] += ofScore * inputs.queries.scalars[q]
        }
        for c in 0..<shape.headValues {
          result.values.scalars[shape.value(image, head, s, c)] +=
            p[s] * gradient.scalars[shape.output(image, head, t, c)]
        }
      }
    }
    return result
  }
}

/// The extents of attention, and where its values stand.
struct AttentionShape {
  let images: Int
  let heads: Int
  let queries: Int
  let keys: Int
  let keyWidth: Int
  let valueWidth: Int
  var headKeys: Int { keyWidth / heads }
  var headValues: Int { valueWidth / heads }

  init<Scalar>(_ inputs: AttentionInputs<Scalar>, _ attention: Attention) {
    let (q, k, v) = (inputs.queries.shape, inputs.keys.shape, inputs.values.shape)
    precondition(
      q.count == 3 && k.count == 3 && v.count == 3 && q[0] == k[0] && k[0] == v[0] && q[2] == k[2]
        && k[1] == v[1] && q[2] % attention.heads == 0 && v[2] % attention.heads == 0,
      "attention of \(q), \(k) and \(v) with \(attention.heads) heads")
    images = q[0]
    heads = attention.heads
    queries = q[1]
    keys = k[1]
    keyWidth = q[2]
    valueWidth = v[2]
  }

  func query(_ image: Int, _ head: Int, _ t: Int, _ c: Int) -> Int {
    (image * queries + t) * keyWidth + head * headKeys + c
  }
  func key(_ image: Int, _ head: Int, _ s: Int, _ c: Int) -> Int {
    (image * keys + s) * keyWidth + head * headKeys + c
  }
  func value(_ image: Int, _ head: Int, _ s: Int, _ c: Int) -> Int {
    (image * keys + s) * valueWidth + head * headValues + c
  }
  func output(_ image: Int, _ head: Int, _ t: Int, _ c: Int) -> Int {
    (image * queries + t) * valueWidth + head * headValues + c
  }

  func forEachRow(_ body: (_ image: Int, _ head: Int, _ query: Int, _ row: Int) -> Void) {
    for image in 0..<images {
      for head in 0..<heads {
        for t in 0..<queries { body(image, head, t, (image * heads + head) * queries + t) }
      }
    }
  }
}
