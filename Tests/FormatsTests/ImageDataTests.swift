import Formats
import Foundation
import ModelGraph
import TestSupport
import Testing

/// Files made by `Fixtures/make.py` with numpy and Pillow.
private enum Fixture {
  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)").path()
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path(name))))
  }
}

private func graph(_ input: [Int], classes: Int = 3) throws -> Graph {
  try Graph(
    input: Shape(input),
    declarations: [
      .init(name: "flat", op: .flatten, inputs: ["input"]),
      .init(
        name: "fc", op: .linear(Linear(outputFeatures: classes, weight: "w")), inputs: ["flat"]),
    ])
}

@Suite struct ArrayTests {
  private let shape = [3, 4, 6]

  @Test func storedBytes() throws {
    let data = try Dataset.read(.archive(Fixture.path("stored.npz")), for: graph(shape))
    #expect(data.labels == [2, 0, 1, 1, 0])
    #expect(try data.pixels == .bytes(Fixture.bytes("images.raw")))
  }

  @Test func deflatedFloatsAreTakenAsTheyAre() throws {
    let data = try Dataset.read(.archive(Fixture.path("deflated.npz")), for: graph(shape))
    let expected = try Fixture.bytes("images.raw").map { Float($0) / 256 - 0.5 }
    #expect(data.pixels == .values(expected))
    #expect(data.labels == [2, 0, 1, 1, 0])
  }

  @Test func bigEndianDoublesInFortranOrder() throws {
    let source = try DataSource.recognised(at: Fixture.path("fortran-images.npy"))
    let data = try Dataset.read(source, for: graph(shape))
    #expect(try data.pixels == .values(Fixture.bytes("images.raw").map { Float($0) }))
  }

  @Test func theNamesOfTheArraysAreToldWhenTheyAreOthers() throws {
    let error = #expect(throws: FormatError.self) {
      try Dataset.read(.archive(Fixture.path("unnamed.npz")), for: graph(shape))
    }
    #expect(error?.description.contains("pictures") == true)
  }

  @Test func anArchiveThatWouldGrowAThousandfoldIsRefused() throws {
    let error = #expect(throws: FormatError.self) {
      try Dataset.read(.archive(Fixture.path("bomb.npz")), for: graph(shape))
    }
    #expect(error?.description.contains("would grow from") == true)
  }

  /// Every prefix of a file and every byte changed gives data or one error, never a crash.
  @Test(arguments: ["stored.npz", "deflated.npz"])
  func damagedArchives(name: String) throws {
    let folder = try TemporaryFolder()
    let bytes = try Fixture.bytes(name)
    let graph = try graph(shape)
    for cut in stride(from: 0, to: bytes.count, by: 23) {
      let path = try folder.write(Array(bytes[..<cut]), to: "cut-\(cut).npz")
      #expect(throws: FormatError.self) { try Dataset.read(.archive(path), for: graph) }
    }
    for place in stride(from: 0, to: bytes.count, by: 7) {
      var changed = bytes
      changed[place] ^= 0x55
      let path = try folder.write(changed, to: "changed-\(place).npz")
      _ = try? Dataset.read(.archive(path), for: graph)
    }
  }

  @Test func hostileHeaders() throws {
    let folder = try TemporaryFolder()
    for header in [
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
      "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
      "{'descr': '', 'fortran_order': False, 'shape': (1,), }", "{}", "",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1e3), }",
    ] {
      let length = UInt16(header.utf8.count)
      let bytes =
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
        + Array(header.utf8) + [0, 0, 0, 0]
      let images = try folder.write(bytes, to: "images-\(length).npy")
      let labels = try folder.write(bytes, to: "labels-\(length).npy")
      #expect(throws: FormatError.self) {
        try Dataset.read(.arrays(images: images, labels: labels), for: graph(shape))
      }
    }
  }
}

@Suite struct CIFARTests {
  private func record(_ labels: [UInt8], _ seed: UInt8) -> [UInt8] {
    labels + (0..<3072).map { UInt8(truncatingIfNeeded: $0) &+ seed }
  }

  @Test func tenClasses() throws {
    let folder = try TemporaryFolder()
    let first = try folder.write(record([3], 1) + record([9], 2), to: "data_batch_1.bin")
    let second = try folder.write(record([0], 3), to: "data_batch_2.bin")
    let data = try Dataset.read(.cifar([first, second]), for: graph([3, 32, 32], classes: 10))
    #expect(data.labels == [3, 9, 0])
    #expect(data.subset([2]).pixels == .bytes(Array(record([], 3))))
    let source = try DataSource.recognised(at: folder.path)
    #expect(source == .cifar([first, second]))
  }

  @Test func hundredClassesHaveTwoLabels() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(record([3, 77], 1) + record([9, 12], 2), to: "test.bin")
    let fine = try Dataset.read(.cifar([path]), for: graph([3, 32, 32], classes: 100))
    #expect(fine.labels == [77, 12])
    let coarse = try Dataset.read(.cifar([path]), for: graph([3, 32, 32], classes: 20))
    #expect(coarse.labels == [3, 9])
  }

  @Test func otherSizesAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([UInt8](repeating: 1, count: 5000), to: "odd.bin")
    #expect(throws: FormatError.self) {
      try Dataset.read(.cifar([path]), for: graph([3, 32, 32], classes: 10))
    }
  }
}

@Suite struct ImageFolderTests {
  /// A folder with one image in each class.
  private func folder(_ images: [String: String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, fixture) in images {
      let target = URL(filePath: folder[name])
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: URL(filePath: Fixture.path(fixture)), to: target)
    }
    return folder
  }

  private func read(
    _ fixture: String, _ shape: [Int], _ fitting: ImageFitting = .stretch
  ) throws -> [UInt8] {
    let folder = try folder(["a/\(fixture)": fixture])
    let data = try Dataset.read(.folder(folder.path, fitting), for: graph(shape))
    guard case .bytes(let bytes) = data.pixels else { return [] }
    // From planes to pixels.
    let area = shape[1] * shape[2]
    return (0..<area).flatMap { pixel in (0..<shape[0]).map { bytes[$0 * area + pixel] } }
  }

  @Test(arguments: ["picture.png", "alpha.png"])
  func pngIsExact(name: String) throws {
    #expect(try read(name, [3, 23, 37]) == Fixture.bytes("picture.raw"))
  }

  @Test func jpegIsAsItsLibraryDecodesIt() throws {
    let pixels = try read("picture.jpg", [3, 23, 37])
    let expected = try Fixture.bytes("picture-jpg.raw")
    // Another version of the library may round otherwise.
    #expect(zip(pixels, expected).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
  }

  @Test func greyAndColourStandInForEachOther() throws {
    let grey = try Fixture.bytes("grey.raw")
    #expect(try read("grey.png", [3, 23, 37]) == grey.flatMap { [$0, $0, $0] })
    #expect(try read("picture.png", [1, 23, 37]) == grey)
  }

  @Test func sixteenBits() throws {
    let red = try Fixture.bytes("picture.raw").enumerated().filter { $0.offset % 3 == 0 }
      .map(\.element)
    #expect(try read("sixteen.png", [1, 23, 37]) == red)
  }

  @Test(arguments: [[8, 8], [50, 60], [37, 10], [5, 23]])
  func resizingGivesPillowsBytes(size: [Int]) throws {
    let pixels = try read("picture.png", [3, size[1], size[0]])
    #expect(try pixels == Fixture.bytes("resized-\(size[0])x\(size[1]).raw"))
  }

  @Test func imagesOfTheRightSizeStayAsTheyAre() throws {
    let pixels = try read("picture.png", [3, 23, 37], .standardCrop)
    #expect(try pixels == read("picture.png", [3, 23, 37], .stretch))
  }

  @Test func croppingGivesTorchvisionsBytes() throws {
    let pixels = try read("picture.png", [3, 12, 12], .crop(shorterSide: 16))
    #expect(try pixels == Fixture.bytes("cropped-12.raw"))
  }

  @Test func classesAreTheOrderOfNamesOrNumbers() throws {
    let graph = try graph([3, 8, 8], classes: 40)
    let named = try folder(["b/1.png": "picture.png", "a/1.png": "grey.png"])
    #expect(try Dataset.read(.folder(named.path, .stretch), for: graph).labels == [0, 1])
    let numbered = try folder(["0017/1.png": "picture.png", "0033/x.JPG": "picture.jpg"])
    #expect(try Dataset.read(.folder(numbered.path, .stretch), for: graph).labels == [17, 33])
    #expect(
      try DataSource.recognised(at: numbered.path) == .folder(numbered.path, .standardCrop))
  }

  @Test(arguments: ["picture.png", "picture.jpg"])
  func aDamagedFileIsNamed(fixture: String) throws {
    let folder = try folder(["a/good.png": "picture.png"])
    let bytes = try Fixture.bytes(fixture)
    for cut in [0, 3, 20, bytes.count / 2] {
      let name = "a/damaged.\(fixture.suffix(3))"
      try Data(bytes[..<cut]).write(to: URL(filePath: folder[name]))
      let error = #expect(throws: FormatError.self) {
        try Dataset.read(.folder(folder.path, .stretch), for: graph([3, 8, 8]))
      }
      #expect(error?.file.hasSuffix(name) == true)
    }
  }

  @Test func nothingToRecognise() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FormatError.self) { try DataSource.recognised(at: folder.path) }
    #expect(throws: FormatError.self) { try DataSource.recognised(at: folder["missing"]) }
  }
}
