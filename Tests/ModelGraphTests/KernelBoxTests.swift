import ModelGraph
import TestSupport
import Testing

/// The smaller convolutions that compute what masks leave of a kernel.
@Suite struct KernelBoxTests {
  /// Counted by a script of its own: for each number of taps the masks of one box or two.
  @Test(arguments: [
    (Extent(3, 3), [1: 1, 2: 6, 3: 2, 4: 14, 5: 6, 6: 18, 7: 6, 8: 5, 9: 1]),
    (Extent(3, 5), [1: 1, 2: 11, 3: 7, 4: 45, 5: 23, 6: 148, 8: 149, 12: 19, 14: 2, 15: 1]),
    (Extent(5, 5), [1: 1, 3: 12, 6: 720, 8: 1524, 11: 120, 14: 696, 17: 36, 19: 40, 24: 0]),
    (Extent(2, 2), [1: 0, 2: 0, 3: 0, 4: 1]),
    (Extent(4, 4), [2: 0, 4: 16, 6: 16, 9: 4, 16: 1]),
  ])
  func masksOfBoxesAreCounted(kernel: Extent, counts: [Int: Int]) {
    for (count, masks) in counts {
      let found = TapMask.boxed(kernel, count: count)
      #expect(found.count == masks, "\(count) taps of \(kernel)")
      #expect(found.allSatisfy { $0.count == count } && Set(found).count == masks)
    }
  }

  /// A cross is a row and the two taps beside its middle; a corner alone would need the input shifted.
  @Test(arguments: [
    ("272", [2, 3]), ("777", []), ("770", [6]), ("575", [1, 6]), ("757", []), ("707", [6]),
    ("020", [1]), ("000", [1]), ("400", [4]), ("776", []), ("252", [2, 2]), ("525", [1, 4]),
  ])
  func masksOf3x3AreHeld(name: String, areas: [Int]) throws {
    let kernel = Extent(3, 3)
    let mask = try #require(TapMask(name, kernel: kernel))
    let convolution = Convolution(
      outputChannels: 1, kernel: kernel, pads: KernelBox.centred(kernel), weight: "w")
    let boxes = convolution.boxes(holding: mask) ?? []
    #expect(boxes.map(\.extent.area).sorted() == areas)
    let held = boxes.reduce(into: UInt64(0)) { $0 |= $1.mask(of: kernel).bits }
    #expect(boxes.isEmpty || mask.bits & ~held == 0)
  }

  /// Whatever the strides, dilations and pads: the sum of the smaller convolutions is the masked one.
  @Test(arguments: 0..<400)
  func theSumOfTheBoxesIsTheMaskedConvolution(seed: Int) throws {
    var generator = SplitMix(state: UInt64(seed))
    func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    let kernel = Extent(number(1...5), number(1...5))
    let dilations = Extent(number(1...2), number(1...2))
    let convolution = Convolution(
      outputChannels: 1, kernel: kernel, strides: Extent(number(1...3), number(1...3)),
      pads: Pads(
        top: number(0...4), left: number(0...4), bottom: number(0...4), right: number(0...4)),
      dilations: dilations, weight: "w")
    let mask = TapMask(kernel: kernel, bits: generator.next() & generator.next())
    let weight = (0..<kernel.area).map { mask.keeps($0) ? number(1...9) : 0 }
    let image = (0..<9).map { _ in (0..<10).map { _ in number(-9...9) } }
    guard let boxes = convolution.boxes(holding: mask) else { return }
    let parts = boxes.map { box in
      output(
        of: convolution.convolution(of: box),
        box.rows.flatMap { row in box.columns.map { weight[row * kernel.width + $0] } }, image)
    }
    let sum = parts.dropFirst().reduce(parts[0]) { sum, part in
      zip(sum, part).map { zip($0, $1).map(+) }
    }
    #expect(sum == output(of: convolution, weight, image))
    #expect(parts.allSatisfy { $0.count == sum.count })
    #expect(boxes.reduce(0) { $0 + $1.extent.area } < kernel.area)
  }

  /// A convolution of one channel as its definition says.
  private func output(of convolution: Convolution, _ weight: [Int], _ image: [[Int]]) -> [[Int]] {
    let (kernel, pads) = (convolution.kernel, convolution.pads)
    let spread = kernel.spread(convolution.dilations)
    func places(_ length: Int, _ spread: Int, _ stride: Int) -> Int {
      length < spread ? 0 : (length - spread) / stride + 1
    }
    let rows = places(
      image.count + pads.top + pads.bottom, spread.height, convolution.strides.height)
    let columns = places(
      image[0].count + pads.left + pads.right, spread.width, convolution.strides.width)
    return (0..<rows).map { y in
      (0..<columns).map { x in
        (0..<kernel.area).reduce(0) { sum, tap in
          let row =
            y * convolution.strides.height - pads.top
            + tap / kernel.width * convolution.dilations.height
          let column =
            x * convolution.strides.width - pads.left
            + tap % kernel.width * convolution.dilations.width
          guard image.indices.contains(row), image[0].indices.contains(column) else { return sum }
          return sum + weight[tap] * image[row][column]
        }
      }
    }
  }
}
