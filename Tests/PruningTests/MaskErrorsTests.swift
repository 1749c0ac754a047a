import Engine
import Formats
import LinearAlgebra
import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Pruning

@Suite struct MaskErrorsTests {
  @Test(arguments: [(1, 1), (2, 3), (4, 9), (9, 9), (1, 25), (24, 25), (3, 49)])
  func everyMaskIsThereOnce(kept: Int, taps: Int) throws {
    let side = Int(Double(taps).squareRoot())
    let kernel = side * side == taps ? Extent(side, side) : Extent(1, taps)
    let masks = try #require(TapMask.all(of: kernel, keeping: kept, limit: 20_000))
    let number = (0..<kept).reduce(1) { $0 * (taps - $1) / ($1 + 1) }
    #expect(Set(masks).count == number && masks.count == number)
    #expect(masks.allSatisfy { $0.count == kept })
    #expect(TapMask.all(of: kernel, keeping: kept, limit: number - 1) == nil)
  }

  private func errors(filters: Int, _ pattern: Pattern, seed: UInt64) throws -> MaskErrors {
    let masks = try #require(pattern.candidateMasks(for: Extent(3, 3)))
    var generator = SmallNetwork.Generator(state: seed)
    return MaskErrors(
      masks: masks,
      errors: (0..<filters).map { _ in
        masks.map { _ in Float.random(in: 0...1, using: &generator) }
      })
  }

  /// Never worse than where the filters stood; where each of two masks suits half of them, it is perfect.
  @Test(arguments: 0..<8) func blocksOfReorderedFiltersLoseLess(seed: Int) throws {
    let pattern = Pattern.taps(try #require(Density("4/9")))
    let errors = try errors(filters: 28, pattern, seed: UInt64(seed))
    let order = errors.order(inBlocksOf: 8)
    #expect(order.sorted() == Array(0..<28))
    let reordered = errors.selecting(order)
    #expect(
      reordered.total(reordered.assignment(.block(8))) < errors.total(errors.assignment(.block(8))))

    let two = MaskErrors(
      masks: Array(errors.masks.prefix(2)),
      errors: (0..<32).map { [Float(($0 * 7 + seed) % 2), Float(1 - ($0 * 7 + seed) % 2)] })
    let sorted = two.selecting(two.order(inBlocksOf: 8))
    #expect(sorted.total(sorted.assignment(.block(8))) == 0)
  }

  /// Filters with one mask stand together, so all blocks but those at a border have one mask.
  @Test(arguments: [1, 2, 3, 8]) func filtersOfALayersMasksStandTogether(count: Int) throws {
    let errors = try errors(filters: 40, .taps(try #require(Density("4/9"))), seed: 4)
    let sorted = errors.selecting(errors.order(.layer(masks: count)))
    let masks = sorted.assignment(.layer(masks: count))
    let unsorted = errors.total(errors.assignment(.layer(masks: count)))
    #expect(abs(sorted.total(masks) - unsorted) < 1e-4)
    let runs = zip(masks, masks.dropFirst()).count { $0 != $1 } + 1
    #expect(runs == Set(masks).count && runs <= count)
  }

  @Test func sharingReadsBack() {
    for sharing in [
      MaskSharing.standard, .block(1), .block(16), .layer(masks: 1), .layer(masks: 7),
    ] {
      #expect(MaskSharing(sharing.description) == sharing)
    }
    for text in [
      "", "0", "-1", "blocks", "block-", "block-0", "filters", "1.5", "99999999999999999999",
    ] {
      #expect(MaskSharing(text) == nil)
    }
  }

  /// Without calibration images, too: what a mask costs a filter is the energy that it removes.
  @Test(arguments: [MaskSharing.block(1), .block(8), .block(16), .layer(masks: 2)])
  func energyKeepsToTheSharing(sharing: MaskSharing) throws {
    var generator = SmallNetwork.Generator(state: 9)
    let energy = (0..<24).map { _ in (0..<9).map { _ in Float.random(in: 0...1, using: &generator) }
    }
    let pattern = Pattern.stripe(try #require(Density("1/3")))
    let masks = pattern.masks(forEnergy: energy, kernel: Extent(3, 3), sharing)
    #expect(masks.count == 24 && masks.allSatisfy { $0.count == 3 })
    switch sharing {
    case .block(let size):
      for place in masks.indices { #expect(masks[place] == masks[place / size * size]) }
    case .layer(let count): #expect(Set(masks).count <= count)
    }
    func kept(_ masks: [TapMask]) -> Float {
      zip(masks, energy).reduce(0) { sum, filter in
        sum + filter.1.indices.reduce(0) { filter.0.keeps($1) ? $0 + filter.1[$1] : $0 }
      }
    }
    let own = pattern.masks(forEnergy: energy, kernel: Extent(3, 3), .block(1))
    let one = pattern.masks(forEnergy: energy, kernel: Extent(3, 3), .block(24))
    #expect(kept(masks) <= kept(own) + 1e-4 && kept(masks) >= kept(one) - 1e-4)
  }

  @Test func blocksTakeTheBestMask() throws {
    let errors = try errors(filters: 20, .stripe(try #require(Density("2/3"))), seed: 2)
    let chosen = errors.assignment(.block(8))
    for (first, size) in [(0, 8), (8, 8), (16, 4)] {
      let block = first..<first + size
      let totals = errors.masks.indices.map { mask in
        block.reduce(Float(0)) { $0 + errors.errors[$1][mask] }
      }
      let least = try #require(totals.min())
      let own = try #require(errors.masks.firstIndex(of: chosen[first]))
      #expect(totals[own] == least)
      #expect(block.allSatisfy { chosen[$0] == chosen[first] })
    }
  }

  @Test(arguments: 0..<8)
  func fewMasksAreSharedNearlyAsWellAsCanBe(seed: Int) throws {
    let errors = try errors(
      filters: 12, .stripe(try #require(Density("2/3"))), seed: UInt64(seed))
    let each = errors.total(errors.assignment(.block(1)))
    var before = Float.infinity
    for count in 1...6 {
      let chosen = errors.assignment(.layer(masks: count))
      #expect(Set(chosen).count <= count)
      let total = errors.total(chosen)
      #expect(total <= before + 1e-4 && total >= each - 1e-4)
      before = total
      // The best set of masks, by trying them all.
      var best = Float.infinity
      for set in 0..<(1 << errors.masks.count) where set.nonzeroBitCount == count {
        let members = errors.masks.indices.filter { set >> $0 & 1 == 1 }
        var sum: Float = 0
        for row in errors.errors { sum += members.map { row[$0] }.min() ?? 0 }
        best = min(best, sum)
      }
      #expect(total <= best * 1.1)
    }
    #expect(abs(before - each) < 1e-4)
  }

  /// Against trying every mask for every filter, each system solved on its own.
  @Test(arguments: ["stem", "inner", "depthwise"], ["stripe", "taps"])
  func errorsAreThoseOfEachSystemAlone(name: String, family: String) throws {
    let model = try SmallNetwork.model()
    var generator = SmallNetwork.Generator(state: 6)
    let images = (0..<32 * 72).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let calibration = Calibration(
      Dataset(
        images: images, labels: [Int32](repeating: 0, count: 32), shape: model.graph.inputShape))
    let reconstruction = try #require(try Reconstruction(model, calibration: calibration))
    let node = try #require(model.graph.index(of: name))
    let layer = try #require(reconstruction.layers[node])
    let pattern: Pattern =
      family == "stripe"
      ? .stripe(try #require(Density("1/3"))) : .taps(try #require(Density("4/9")))
    let inputs = name == "inner" ? [0, 3, 4, 9] : nil
    let found = try #require(
      reconstruction.maskErrors(pattern, node: node, filters: [5, 0, 11], inputs: inputs))
    #expect(found.masks.count == (family == "stripe" ? 6 : 126))
    for (row, filter) in [5, 0, 11].enumerated() {
      let covariance = layer.covariances[layer.group(ofFilter: filter)]
      let dense = layer.weights(of: [filter])
      for (mask, error) in zip(found.masks, found.errors[row]) {
        let support = (inputs ?? Array(0..<layer.features / 9)).flatMap { input in
          (0..<9).filter(mask.keeps).map { input * 9 + $0 }
        }
        // w_S H_SS = w H_:S, damped towards w, by the definition of the optimum.
        let inner = covariance.submatrix(support)
        let damping = 1e-3 * covariance.meanDiagonal
        let product = covariance.multiplied(by: dense)
        let right = support.map { product[$0] + damping * dense[$0] }
        let solution = try #require(Cholesky(inner, damping: damping)).solution(for: right)
        var change = dense.map { -$0 }
        for (place, feature) in support.enumerated() { change[feature] += solution[place] }
        let wanted = zip(change, covariance.multiplied(by: change)).reduce(0) { $0 + $1.0 * $1.1 }
        let scaled = wanted * layer.scale[filter] * layer.scale[filter]
        #expect(abs(Double(error) - scaled) < 1e-4 * max(scaled, 1e-3))
      }
    }
  }
}
