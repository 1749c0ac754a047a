import Formats
import Testing

@Suite struct IDXFileTests {
  private let small = idx([3, 2, 2], Array(0..<12))

  private func decode(_ bytes: [UInt8]) throws(FormatError) -> IDXFile {
    try IDXFile.decode(bytes, file: "images.gz")
  }

  private func expectError(_ bytes: [UInt8], _ hint: String) {
    #expect {
      try decode(bytes)
    } throws: { error in
      guard let error = error as? FormatError else { return false }
      #expect(error.description.contains(hint))
      return error.file == "images.gz"
    }
  }

  @Test func plainAndGzipped() throws {
    for bytes in [small, gzipped(small)] {
      let file = try decode(bytes)
      #expect(file.dimensions == [3, 2, 2])
      #expect(file.values == Array(0..<12))
    }
    #expect(try decode(idx([0, 2, 2], [])).dimensions == [0, 2, 2])
  }

  @Test func deflatedByAnotherProgram() throws {
    let file = try decode(deflated)
    #expect(file.dimensions == [3, 2, 2])
    #expect(file.values == Array(0..<12))
  }

  @Test(arguments: [0, 1, 4, 16, 17, 28]) func membersInARow(cut: Int) throws {
    let file = try decode(gzipped(Array(small[..<cut])) + gzipped(Array(small[cut...])))
    #expect(file.values == Array(0..<12))
  }

  /// More than the reader decompresses at a time.
  @Test func largeFile() throws {
    let values = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    let file = try decode(gzipped(idx([3, 1000, 1000], values)))
    #expect(file.values == values)
  }

  @Test func moreThanPromised() {
    let bomb = idx([3, 2, 2], [UInt8](repeating: 0, count: 1 << 20))
    expectError(bomb, "goes on after")
    expectError(gzipped(bomb), "goes on after")
    expectError(gzipped(small) + gzipped([1]), "goes on after")
  }

  @Test func garbageAfterTheEnd() {
    expectError(gzipped(small) + [0], "truncated")
    expectError(gzipped(small) + [UInt8](repeating: 7, count: 40), "damaged")
  }

  @Test func wrongChecksum() {
    var bytes = gzipped(small)
    bytes[bytes.count - 6] ^= 1
    expectError(bytes, "damaged")
  }

  @Test func everyTruncation() {
    for bytes in [small, gzipped(small)] {
      for count in bytes.indices {
        #expect(throws: FormatError.self) { try decode(Array(bytes[..<count])) }
      }
    }
  }

  @Test(arguments: [
    [0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], [0xFFFF_FFFF, 0xFFFF_FFFF, 0], [1 << 31, 2],
    [1 << 24], [Int](repeating: 0xFFFF, count: 255),
  ])
  func promisesBeyondTheFile(dimensions: [Int]) {
    expectError(idx(dimensions, []), "promises")
    expectError(gzipped(idx(dimensions, [])), "promises")
  }

  @Test func otherTypesAndFormats() {
    expectError(idx([1], [0, 0, 0, 0], type: 0x0D), "0xd")
    expectError([0, 0, 8, 0], "dimensions")
    expectError(Array("P5 28 28 255".utf8), "not an IDX file")
    expectError([], "not an IDX file")
  }
}
