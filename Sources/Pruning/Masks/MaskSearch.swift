internal import LinearAlgebra
internal import ModelGraph
public import Patterns
internal import Threads

extension Reconstruction {
  /// The error of each filter of a convolution under each mask that `pattern` allows.
  ///
  /// One factorisation a mask serves all filters of a group. Where trying all masks would take more than
  /// 5 * 10^9 operations, only the more promising ones are tried: those that serve the filters best when
  /// input channels are taken to be uncorrelated. In a layer so large that not even those can be tried, that says who
  /// gets which of them, too.
  ///
  /// - Parameters:
  ///   - node: the convolution, in the dense graph.
  ///   - filters: its filters that remain; all if nil.
  ///   - inputs: the input channels of a group that remain; all if nil.
  ///   - threads: as many as the reconstruction has if nil.
  /// - Returns: nil if the pattern is not about taps or has too many masks, and for layers without moments.
  public func maskErrors(
    _ pattern: Pattern, node: Int, filters: [Int]? = nil, inputs: [Int]? = nil,
    threads: Int? = nil
  ) -> MaskErrors? {
    guard let layer = layers[node], case .convolution(let conv) = model.graph.nodes[node].op,
      let masks = pattern.candidateMasks(for: conv.kernel), !masks.isEmpty
    else { return nil }
    let search = MaskSearch(
      layer: layer, filters: filters ?? Array(0..<layer.filters),
      inputs: inputs ?? Array(0..<layer.features / conv.kernel.area),
      threads: threads ?? self.threads)
    return search.errors(ofPromising: masks)
  }
}

/// Tries masks on a convolution.
struct MaskSearch {
  let layer: LayerReconstruction
  let filters: [Int]
  let inputs: [Int]
  let threads: Int

  private static let mostOperations = 5e9
  /// Fewer masks are not worth trying.
  private static let fewest = 8
  private static let channelsPerJob = 32

  /// The remaining filters of each group, as places in `filters`.
  private var rowsOfGroup: [Int: [Int]] {
    Dictionary(grouping: filters.indices) { layer.group(ofFilter: filters[$0]) }
  }

  func errors(of masks: [TapMask]) -> MaskErrors {
    var errors = [[Float]](
      repeating: [Float](repeating: 0, count: masks.count), count: filters.count)
    for (group, rows) in rowsOfGroup {
      let leastSquares = LeastSquares(layer.covariances[group], damping: layer.damping)
      let own = layer.weights(of: rows.map { filters[$0] })
      let products = layer.products(of: rows.map { filters[$0] })
      let found = parallelMap(masks.count, threads: threads) { index in
        let mask = masks[index]
        let taps = mask.kernel.area
        let support = inputs.flatMap { input in
          (0..<taps).filter(mask.keeps).map { input * taps + $0 }
        }
        return leastSquares.solution(own, products, support: support).errors
      }
      for (mask, found) in found.enumerated() {
        for (place, row) in rows.enumerated() { errors[row][mask] = scaled(found[place], row) }
      }
    }
    return MaskErrors(masks: masks, errors: errors)
  }

  /// As many of `masks` as can be tried in reasonable time, and their errors.
  func errors(ofPromising masks: [TapMask]) -> MaskErrors {
    let size = Double(inputs.count * (masks.first?.count ?? 1))
    let groups = Double(layer.covariances.count)
    let perMask = groups * size * size * (size / 3 + 2 * Double(filters.count) / groups) * 2
    let affordable = Self.mostOperations / max(perMask, 1)
    guard affordable < Double(masks.count) else { return errors(of: masks) }
    let rough = roughErrors(of: masks)
    let most = max(Self.fewest, Int(affordable))
    let chosen = Set(MaskAssignment(rough, .layer(masks: most)).masks)
    let promising = masks.indices.filter { chosen.contains(masks[$0]) }
    return affordable < Double(Self.fewest)
      ? MaskErrors(
        masks: promising.map { masks[$0] },
        errors: rough.errors.map { row in promising.map { row[$0] } })
      : errors(of: promising.map { masks[$0] })
  }

  /// Errors without the covariances between input channels: for each channel and mask a quadratic form of the channel's
  /// weights, of which products of matrices make the sums over channels.
  func roughErrors(of masks: [TapMask]) -> MaskErrors {
    let taps = masks.first?.kernel.area ?? 1
    let parts = stride(from: 0, to: inputs.count, by: Self.channelsPerJob).map {
      inputs[$0..<min($0 + Self.channelsPerJob, inputs.count)]
    }
    var errors = [[Float]](
      repeating: [Float](repeating: 0, count: masks.count), count: filters.count)
    for (group, rows) in rowsOfGroup {
      let whole = LeastSquares(layer.covariances[group], damping: layer.damping)
      let sums = parallelMap(parts.count, threads: threads) { part in
        let forms = parts[part].map { input in
          let channel = whole.restricted(to: Array(input * taps..<(input + 1) * taps))
          return masks.map { mask in
            channel.lossForm(support: (0..<taps).filter(mask.keeps))
          }
        }
        let inner = parts[part].count * taps * taps
        var squares: [Double] = []
        squares.reserveCapacity(rows.count * inner)
        layer.weights.withUnsafeBufferPointer { weights in
          for row in rows {
            for input in parts[part] {
              let start = filters[row] * layer.features + input * taps
              for weight in weights[start..<start + taps] {
                for other in weights[start..<start + taps] {
                  squares.append(Double(weight) * Double(other))
                }
              }
            }
          }
        }
        var columns: [Double] = []
        columns.reserveCapacity(masks.count * inner)
        for mask in masks.indices { for form in forms { columns += form[mask] } }
        return product(squares, byTransposeOf: columns, inner: inner)
      }
      for (place, row) in rows.enumerated() {
        for mask in masks.indices {
          let error = sums.reduce(0) { $0 + $1[place * masks.count + mask] }
          errors[row][mask] = scaled(error, row)
        }
      }
    }
    return MaskErrors(masks: masks, errors: errors)
  }

  private func scaled(_ error: Double, _ row: Int) -> Float {
    Float(error * layer.scale[filters[row]] * layer.scale[filters[row]])
  }
}
