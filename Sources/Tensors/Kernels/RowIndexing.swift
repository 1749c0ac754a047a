extension Tensor {
  /// Copies row `segments.ids[i]` to row `i`. [segments.count, ...] -> [ids.count, ...].
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func gathered(by segments: Segments) -> Tensor {
    precondition(
      rank >= 1 && shape[0] == segments.count,
      "gathering \(segments.count) rows from shape \(shape)")
    let width = shape.dropFirst().reduce(1, *)
    return scalars.withUnsafeBufferPointer { x in
      Tensor(shape: [segments.ids.count] + shape.dropFirst()) { y in
        for (row, id) in segments.ids.enumerated() {
          for p in 0..<width { y[row &* width &+ p] = x[id &* width &+ p] }
        }
      }
    }
  }

  /// Adds row `i` to row `segments.ids[i]`, in the order of the rows. [ids.count, ...] ->
  /// [segments.count, ...]; a segment without rows is zero.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func segmentSummed(by segments: Segments) -> Tensor {
    precondition(
      rank >= 1 && shape[0] == segments.ids.count,
      "summing \(segments.ids.count) rows of shape \(shape)")
    let width = shape.dropFirst().reduce(1, *)
    return scalars.withUnsafeBufferPointer { x in
      Tensor(shape: [segments.count] + shape.dropFirst()) { y in
        y.initialize(repeating: 0)
        for (row, id) in segments.ids.enumerated() {
          for p in 0..<width { y[id &* width &+ p] += x[row &* width &+ p] }
        }
      }
    }
  }

  /// The largest element of every column within each segment; `empty` for a segment without rows.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func segmentMaxima(by segments: Segments, empty: Scalar) -> Tensor {
    precondition(
      rank >= 1 && shape[0] == segments.ids.count,
      "maxima over \(segments.ids.count) rows of shape \(shape)")
    let width = shape.dropFirst().reduce(1, *)
    let isEmpty = segments.sizes.map { $0 == 0 }
    return scalars.withUnsafeBufferPointer { x in
      Tensor(shape: [segments.count] + shape.dropFirst()) { y in
        y.initialize(repeating: -.infinity)
        for (row, id) in segments.ids.enumerated() {
          for p in 0..<width {
            y[id &* width &+ p] = max(y[id &* width &+ p], x[row &* width &+ p])
          }
        }
        for segment in 0..<segments.count where isEmpty[segment] {
          for p in 0..<width { y[segment &* width &+ p] = empty }
        }
      }
    }
  }

  /// Routes the gradient of each segment's maximum to the first row that holds it.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func pullingBackMaxima(_ gradient: Tensor, by segments: Segments, maxima: Tensor) -> Tensor {
    precondition(
      rank >= 1 && shape[0] == segments.ids.count && gradient.shape == maxima.shape
        && maxima.shape == [segments.count] + shape.dropFirst())
    let width = shape.dropFirst().reduce(1, *)
    var remaining = gradient.scalars
    return scalars.withUnsafeBufferPointer { x in
      Tensor(shape: shape) { y in
        for (row, id) in segments.ids.enumerated() {
          for p in 0..<width {
            let (here, place) = (row &* width &+ p, id &* width &+ p)
            let isFirst = x[here] == maxima.scalars[place]
            y[here] = isFirst ? remaining[place] : 0
            if isFirst { remaining[place] = 0 }
          }
        }
      }
    }
  }
}
