public import Formats
import ModelGraph
internal import Synchronization
internal import Threads

/// Finds the corrections that bring a compiled network's statistics to their targets, as `Calibration.pass` does, but
/// quickly for one network after the other: on all threads, some images at a time, layer by layer, and from the
/// first step on that differs from a network that was seen before.
///
/// Neither the number of threads nor what was seen before has an influence on the values. Memory is bounded: of
/// activations that are kept `activationBytes`, of memory to compute in `laneBytes`.
public final class OutputMatching: Sendable {
  /// The images.
  public let dataset: Dataset
  private let threads: Int
  private let laneBytes: Int
  private let cache: PrefixCache
  private let lanes = Mutex<[[MatchingLane]]>([])

  /// Matching on the images of a calibration.
  public init(
    _ calibration: Calibration, threads: Int = Evaluator.defaultThreads,
    activationBytes: Int = 256 << 20, laneBytes: Int = 256 << 20
  ) {
    dataset = calibration.dataset
    self.threads = max(1, threads)
    self.laneBytes = laneBytes
    cache = PrefixCache(capacity: activationBytes)
  }

  /// The values of all images of a cut.
  private static let everyImage = 0..<0

  /// The corrections of a network's layers.
  ///
  /// - Parameters:
  ///   - program: to be compared with others by what it begins with, it has to take as many images a pass as they.
  ///   - targets: the moments that each layer's output is brought to, by node; others stay as they are.
  public func corrections(
    of program: Program, matching targets: [Int: Calibration.Moments]
  ) -> [Int: Calibration.Correction] {
    run(program, matching: targets, isWhole: false).corrections
  }

  /// The same corrections, with the network's outputs on the images under them.
  public func pass(
    _ program: Program, matching targets: [Int: Calibration.Moments]
  ) -> Calibration.Pass {
    run(program, matching: targets, isWhole: true)
  }

  private func run(
    _ program: Program, matching targets: [Int: Calibration.Moments], isWhole: Bool
  ) -> Calibration.Pass {
    let cuts = program.cuts { step in
      guard case .convolve(let step) = step, let target = targets[step.node] else { return [] }
      return target.mean + target.deviation
    }
    let plan = cache.plan(program, cuts: cuts, images: dataset.count)
    let lanes = takeLanes(for: program)
    defer { giveBack(lanes) }
    var pass = Calibration.Pass()
    let start = begin(program, lanes, plan, targets, &pass)
    var kept = plan.kept.reversed().filter { $0.step > start }[...]
    var (next, matched): (Int, MatchingLane.Matched?) = (start, nil)
    /// Takes every lane through the steps before `end`, and a layer that stands there up to its sums.
    func advance(to end: Int, _ layer: ConvolveStep?) -> [[Double]] {
      let cuts = kept.prefix { $0.step <= end }
      kept = kept.dropFirst(cuts.count)
      for cut in cuts {
        cache.keep(
          program.packed(pass.corrections, before: cut), cut.fingerprint, Self.everyImage)
      }
      let (range, before) = (next..<end, matched)
      return parallelMap(lanes.count, threads: threads) { [cache] index in
        let lane = lanes[index]
        let missing = cuts.filter { !cache.holds($0.fingerprint, lane.images) }
        return lane.advance(range, finishing: before, keeping: missing[...], upTo: layer) {
          cache.keep($1, $0.fingerprint, lane.images)
        }
      }
    }
    for index in program.steps.indices.dropFirst(start) {
      guard case .convolve(let step) = program.steps[index] else { continue }
      let sums = advance(to: index, step)
      let seen = moments(sums, program.buffers[step.destination].layout)
      var correction = Calibration.Correction(unchanging: seen.mean.count)
      if let target = targets[step.node] {
        correction = Calibration.Correction(from: seen, to: target)
        pass.corrections[step.node] = correction
      }
      pass.moments[step.node] = seen
      (next, matched) = (index + 1, MatchingLane.Matched(step: step, correction: correction))
    }
    if isWhole {
      _ = advance(to: program.steps.count, nil)
      pass.outputs = parallelMap(lanes.count, threads: threads) { lanes[$0].outputs() }
        .flatMap { $0 }
    }
    return pass
  }

  /// Brings the images to the deepest cut that is known, otherwise to the first step; returns the step.
  private func begin(
    _ program: Program, _ lanes: [MatchingLane], _ plan: PrefixCache.Plan,
    _ targets: [Int: Calibration.Moments], _ pass: inout Calibration.Pass
  ) -> Int {
    for cut in plan.known {
      guard let packed = cache.activations(cut.fingerprint, Self.everyImage) else { continue }
      let activations = lanes.compactMap { cache.activations(cut.fingerprint, $0.images) }
      guard activations.count == lanes.count else { continue }
      pass.corrections = program.corrections(packed, before: cut, targets)
      parallel(lanes.count, threads: threads) { index in
        lanes[index].begin(program, activations[index], at: cut)
      }
      return cut.step
    }
    parallel(lanes.count, threads: threads) { lanes[$0].begin(program, dataset) }
    return 0
  }

  private func moments(_ lanes: [[Double]], _ layout: Layout) -> Calibration.Moments {
    var sums = [Double](repeating: 0, count: 2 * layout.blocks * 8)
    for lane in lanes {
      for place in sums.indices { sums[place] += lane[place] }
    }
    return Calibration.Moments(
      sums: sums.prefix(layout.channels), squares: sums[(layout.blocks * 8)...],
      count: dataset.count * layout.height * layout.width)
  }

  // MARK: Lanes

  private func takeLanes(for program: Program) -> [MatchingLane] {
    let perPass = program.imagesPerPass
    let ranges = stride(from: 0, to: dataset.count, by: perPass).map {
      $0..<min($0 + perPass, dataset.count)
    }
    let free = lanes.withLock { sets in
      sets.lastIndex { $0.map(\.images) == ranges }.map { sets.remove(at: $0) }
    }
    return free
      ?? parallelMap(ranges.count, threads: threads) { MatchingLane(program, images: ranges[$0]) }
  }

  private func giveBack(_ used: [MatchingLane]) {
    lanes.withLock { sets in
      sets.append(used)
      while sets.reduce(0, { $0 + $1.reduce(0) { $0 + $1.bytes } }) > laneBytes {
        sets.removeFirst()
      }
    }
  }
}

extension Program {
  /// The corrections of the layers before a cut, one after the other: scales, then shifts.
  fileprivate func packed(
    _ corrections: [Int: Calibration.Correction], before cut: Cut
  ) -> [Float] {
    layers(before: cut).compactMap { corrections[$0] }.flatMap { $0.scale + $0.shift }
  }

  /// The values that `packed` wrote down.
  fileprivate func corrections(
    _ packed: [Float], before cut: Cut, _ targets: [Int: Calibration.Moments]
  ) -> [Int: Calibration.Correction] {
    var rest = packed[...]
    return layers(before: cut).reduce(into: [:]) { corrections, node in
      guard let count = targets[node]?.mean.count else { return }
      corrections[node] = Calibration.Correction(
        scale: Array(rest.prefix(count)), shift: Array(rest.dropFirst(count).prefix(count)))
      rest = rest.dropFirst(2 * count)
    }
  }

  private func layers(before cut: Cut) -> [Int] {
    steps[..<cut.step].compactMap { step in
      if case .convolve(let step) = step { step.node } else { nil }
    }
  }
}
