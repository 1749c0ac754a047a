import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Pruning

@Suite struct MaskAssignmentTests {
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
    let order = MaskAssignment(errors, .block(8)).order
    #expect(order.sorted() == Array(0..<28))
    let reordered = errors.selecting(order)
    #expect(
      reordered.total(MaskAssignment(reordered, .block(8)).masks)
        < errors.total(MaskAssignment(errors, .block(8)).masks))

    let two = MaskErrors(
      masks: Array(errors.masks.prefix(2)),
      errors: (0..<32).map { [Float(($0 * 7 + seed) % 2), Float(1 - ($0 * 7 + seed) % 2)] })
    let sorted = two.selecting(MaskAssignment(two, .block(8)).order)
    #expect(sorted.total(MaskAssignment(sorted, .block(8)).masks) == 0)
  }

  /// Filters with one mask stand together, so all blocks but those at a border have one mask.
  @Test(arguments: [1, 2, 3, 8]) func filtersOfALayersMasksStandTogether(count: Int) throws {
    let errors = try errors(filters: 40, .taps(try #require(Density("4/9"))), seed: 4)
    let sorted = errors.selecting(MaskAssignment(errors, .layer(masks: count)).order)
    let masks = MaskAssignment(sorted, .layer(masks: count)).masks
    let unsorted = errors.total(MaskAssignment(errors, .layer(masks: count)).masks)
    #expect(abs(sorted.total(masks) - unsorted) < 1e-4)
    let runs = zip(masks, masks.dropFirst()).count { $0 != $1 } + 1
    #expect(runs == Set(masks).count && runs <= count)
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
    let chosen = MaskAssignment(errors, .block(8)).masks
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
    let each = errors.total(MaskAssignment(errors, .block(1)).masks)
    var before = Float.infinity
    for count in 1...6 {
      let chosen = MaskAssignment(errors, .layer(masks: count)).masks
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
}
