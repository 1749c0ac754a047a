internal import LinearAlgebra
internal import ModelGraph
public import Patterns
internal import Threads

extension Reconstruction {
  /// The error of each filter of a convolution under each mask that `pattern` allows.
  ///
  /// One factorisation a mask serves all filters of a group. Where trying all masks would take more than
  /// 2 * 10^10 operations, only the more promising ones are tried: those that serve the filters best when
  /// input channels are taken to be uncorrelated.
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
    return search.errors(of: search.promising(masks))
  }
}

/// Tries masks on a convolution.
private struct MaskSearch {
  let layer: LayerReconstruction
  let filters: [Int]
  let inputs: [Int]
  let threads: Int

  private static let mostOperations = 2e10

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
      let products = leastSquares.products(own)
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

  /// As many of `masks` as can be tried in reasonable time.
  func promising(_ masks: [TapMask]) -> [TapMask] {
    let size = Double(inputs.count * (masks.first?.count ?? 1))
    let groups = Double(layer.covariances.count)
    let perMask = groups * size * size * (size / 3 + 2 * Double(filters.count) / groups) * 2
    let most = max(8, Int(min(Self.mostOperations / perMask, 1e6)))
    guard most < masks.count else { return masks }
    let rough = roughErrors(of: masks)
    let chosen = Set(MaskAssignment(rough, .layer(masks: most)).masks)
    return masks.filter(chosen.contains)
  }

  /// Errors without the covariances between input channels.
  private func roughErrors(of masks: [TapMask]) -> MaskErrors {
    let taps = masks.first?.kernel.area ?? 1
    var errors = [[Float]](
      repeating: [Float](repeating: 0, count: masks.count), count: filters.count)
    for (group, rows) in rowsOfGroup {
      let parts = parallelMap(inputs.count, threads: threads) { index in
        let features = Array(inputs[index] * taps..<(inputs[index] + 1) * taps)
        let leastSquares = LeastSquares(
          layer.covariances[group].submatrix(features), damping: layer.damping)
        let own = rows.flatMap { row in
          features.map { layer.weights[filters[row] * layer.features + $0] }
        }
        let products = leastSquares.products(own)
        return masks.map { mask in
          leastSquares.solution(
            own, products, support: (0..<taps).filter(mask.keeps)
          ).errors
        }
      }
      for part in parts {
        for (mask, found) in part.enumerated() {
          for (place, row) in rows.enumerated() { errors[row][mask] += scaled(found[place], row) }
        }
      }
    }
    return MaskErrors(masks: masks, errors: errors)
  }

  private func scaled(_ error: Double, _ row: Int) -> Float {
    Float(error * layer.scale[filters[row]] * layer.scale[filters[row]])
  }
}
