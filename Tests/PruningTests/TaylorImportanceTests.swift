import ModelGraph
import TestSupport
import Testing

@testable import Patterns
@testable import Pruning

@Suite struct TaylorImportanceTests {
  private let model: Model
  private let space: PruningSpace

  init() throws {
    model = try SmallNetwork.model()
    space = PruningSpace(model.graph)
  }

  /// For each weight of the stem, [16][2][9], a product.
  private func products(_ value: (_ filter: Int, _ input: Int, _ tap: Int) -> Float) -> [Float] {
    (0..<16 * 2 * 9).map { value($0 / 18, $0 / 9 % 2, $0 % 9) }
  }

  @Test func whatCancelsWithinATapMattersLittle() throws {
    var importance = TaylorImportance(model)
    // Tap 0 has the largest products, but they cancel; taps 1 to 4 add up, with either sign.
    for sign: Float in [1, -1] {
      importance.add([
        "stem.weight": products { _, input, tap in
          tap == 0 ? (input == 0 ? 5 : -5) : tap < 5 ? sign : 0.1
        }
      ])
    }
    var strategy = Strategy(denseFor: space)
    let unit = try #require(space.unit(named: "stem.taps"))
    strategy.choices[unit] = .taps(try #require(Density(4, 9)))
    let pruned = try space.apply(strategy, by: importance)
    let stem = try #require(model.graph.index(of: "stem"))
    #expect(pruned.masks[stem]?.allSatisfy { $0.bits == 0b11110 } == true)
    #expect(pruned.cost == space.cost(of: strategy))
  }

  @Test func filtersAreJudgedBehindTheirNorm() throws {
    var importance = TaylorImportance(model)
    // The weights speak for the first filters, but the gates behind the norm for the last ones.
    importance.add([
      "inner.weight": (0..<24 * 16 * 9).map { $0 / 144 < 12 ? 1 : 0 },
      "inner.bn.weight": (0..<24).map { $0 < 12 ? 3 : 1 },
      "inner.bn.bias": (0..<24).map { $0 < 12 ? -3 : 1 },
    ])
    let inner = try #require(model.graph.index(of: "inner"))
    let number = try #require(
      space.groups.groups.firstIndex { $0.producers.contains(inner) })
    let group = space.groups.groups[number]
    let kept = Pattern.filter(try #require(Density(1, 2))).keptChannels(
      of: group, importance: importance.channels(ofGroup: number, space.groups))
    let channels = (space.groups.maps[inner]?.channels ?? []).suffix(12).compactMap { $0?.index }
    #expect(kept == channels.sorted())
  }

  @Test func imagesMayBeAddedInParts() throws {
    func images(_ range: Range<Int>) -> TaylorImportance {
      var importance = TaylorImportance(model)
      for image in range {
        importance.add(["stem.weight": products { Float(($0 * 7 + $1 * 3 + $2 + image) % 5) }])
      }
      return importance
    }
    var parts = images(0..<2)
    parts.add(images(2..<5))
    let whole = images(0..<5)
    for number in space.groups.groups.indices {
      #expect(
        parts.channels(ofGroup: number, space.groups)
          == whole.channels(ofGroup: number, space.groups))
    }
  }
}
