import ModelGraph
import Testing

@Suite struct TapMaskTests {
  @Test(arguments: 0..<512)
  func namesOf3x3MasksReadBack(bits: Int) throws {
    let mask = TapMask(kernel: Extent(3, 3), bits: UInt64(bits))
    #expect(mask.description.count == 3)
    #expect(TapMask(mask.description, kernel: mask.kernel) == mask)
  }

  @Test func twoSevenTwoIsACross() throws {
    let mask = try #require(TapMask("272", kernel: Extent(3, 3)))
    let kept = (0..<3).map { y in (0..<3).map { mask[y, $0] } }
    #expect(kept == [[false, true, false], [true, true, true], [false, true, false]])
    #expect(mask.count == 5 && !mask.isDense)
  }

  @Test(arguments: [Extent(5, 5), Extent(1, 7), Extent(8, 8), Extent(7, 2)])
  func widerMasksReadBack(kernel: Extent) throws {
    for seed in 0..<50 {
      let mask = TapMask(kernel: kernel, bits: UInt64(seed) &* 0x9e37_79b9_7f4a_7c15)
      #expect(TapMask(mask.description, kernel: kernel) == mask)
    }
    #expect(TapMask(dense: kernel).isDense)
  }

  @Test(arguments: ["", "27", "2722", "278", "-72", "+1+", "2 2", "٢٧٢", "27é"])
  func otherNamesAreRefused(name: String) {
    #expect(TapMask(name, kernel: Extent(3, 3)) == nil)
  }
}
