public import Formats
import ModelGraph
internal import Synchronization
internal import Threads

/// Finds the corrections that bring a compiled network's statistics to their targets, as `Calibration.pass` does, but
/// quickly for one network after the other: on all threads, some images at a time, layer by layer, and from the
/// first step on that differs from a network that was seen before.
///
/// Neither the number of threads nor memory nor what was seen before has an influence on the values. Memory is bounded:
/// activations that are kept from network to network take `activationBytes`, those that are held between the layers of
/// one `liveBytes`; what there is no room for is computed again.
public final class OutputMatching: Sendable {
  /// The images.
  public let dataset: Dataset
  private let threads: Int
  private let liveBytes: Int
  private let cache: PrefixCache
  private let workspaces: WorkspacePool
  private let lanes = Mutex<[[MatchingLane]]>([])

  /// Matching on the images of a calibration.
  public init(
    _ calibration: Calibration, threads: Int = Evaluator.defaultThreads,
    activationBytes: Int = 256 << 20, liveBytes: Int = 256 << 20
  ) {
    dataset = calibration.dataset
    self.threads = max(1, threads)
    self.liveBytes = liveBytes
    workspaces = WorkspacePool(capacity: self.threads)
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
    let itinerary = Itinerary(program)
    var kept = plan.kept.reversed().filter { $0.step > start }[...]
    /// What lanes do until `end`.
    func leg(to end: Int) -> MatchingLane.Leg {
      let cuts = kept.prefix { $0.step <= end }
      kept = kept.dropFirst(cuts.count)
      for cut in cuts {
        cache.keep(
          program.packed(pass.corrections, before: cut), cut.fingerprint, Self.everyImage)
      }
      return MatchingLane.Leg(end: end, corrections: pass.corrections, cuts: Array(cuts)) {
        [cache] in cache.keep($1, $0.fingerprint, $2)
      }
    }
    for index in program.steps.indices.dropFirst(start) {
      guard let step = program.steps[index].layer else { continue }
      // A sum is completed by what is added to it.
      let live = itinerary.live(before: index + 1)
      let held = live + [step.residual].compactMap { $0 }.filter { !live.contains($0) }
      let isHeld = itinerary.bytes(held) * dataset.count <= liveBytes
      let leg = leg(to: index)
      let sums = parallelMap(lanes.count, threads: threads) { place in
        workspaces.withWorkspace(of: program) {
          lanes[place].sums(of: step, leg, holding: isHeld ? held : nil, from: dataset, in: $0)
        }
      }
      let seen = moments(sums, program.buffers[step.destination].layout)
      if let target = targets[step.node] {
        pass.corrections[step.node] = Calibration.Correction(from: seen, to: target)
      }
      pass.moments[step.node] = seen
    }
    if isWhole {
      let leg = leg(to: program.steps.count)
      pass.outputs = parallelMap(lanes.count, threads: threads) { place in
        workspaces.withWorkspace(of: program) { lanes[place].outputs(leg, from: dataset, in: $0) }
      }.flatMap { $0 }
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
      for (lane, activations) in zip(lanes, activations) {
        lane.begin(at: Waypoint(cut, activations))
      }
      return cut.step
    }
    for lane in lanes { lane.begin() }
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
    return free ?? ranges.map { MatchingLane(images: $0) }
  }

  private func giveBack(_ used: [MatchingLane]) {
    // Kept activations that they came from are the cache's to let go.
    for lane in used { lane.begin() }
    lanes.withLock { sets in
      sets.append(used)
      while sets.reduce(0, { $0 + $1.reduce(0) { $0 + $1.bytes } }) > liveBytes {
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
    steps[..<cut.step].compactMap { $0.layer?.node }
  }
}
