import Formats
import Foundation
import ModelGraph
import TestSupport
import Testing

/// Which class a picture is, by the folder that it lies in.
@Suite struct ClassFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A picture under each path, bare folders where a path ends with a slash.
  private func fill(_ paths: [String]) throws {
    let fixture = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/picture.png")
    for path in paths {
      let target = URL(filePath: folder[path])
      let parent = path.hasSuffix("/") ? target : target.deletingLastPathComponent()
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
      if path.hasSuffix("/") { continue }
      if path.hasSuffix(".png") || path.hasSuffix(".PNG") {
        try FileManager.default.copyItem(at: fixture, to: target)
      } else {
        try Data("no picture".utf8).write(to: target)
      }
    }
  }

  private func labels(
    classes count: Int, names: [String] = [], order: ClassOrder = .usual
  ) throws -> [Int32] {
    let graph = try Graph(
      input: Shape([1, 2, 2]),
      declarations: [
        .init(name: "flat", op: .flatten, inputs: ["input"]),
        .init(
          name: "fc", op: .linear(Linear(outputFeatures: count, weight: "w")), inputs: ["flat"]),
      ])
    let source = try DataSource.recognised(at: folder.path, fitting: .stretch, order: order)
    return try Dataset.read(source, for: graph, classes: names).labels
  }

  @Test(arguments: ["__MACOSX/x.txt", "@eaDir/", ".git/x.png", "empty/", "__MACOSX/a/b.png"])
  func whatHoldsNoPicturesIsNoClass(litter: String) throws {
    try fill(["a/1.png", "b/1.png", litter])
    #expect(try labels(classes: 2) == [0, 1])
  }

  @Test func anEmptyFolderIsAClassWhereTheModelHasOneMore() throws {
    try fill(["a/1.png", "b/", "c/1.png"])
    #expect(try labels(classes: 3) == [0, 2])
  }

  @Test func picturesInFoldersOfAClassAreItsOwn() throws {
    try fill(["a/1.png", "a/more/2.png", "a/more/still/3.PNG", "b/only/here/1.png"])
    #expect(try labels(classes: 2) == [0, 0, 0, 1])
  }

  @Test func filesThatMacOSLeavesBehindAreNoPictures() throws {
    try fill(["a/1.png", "a/._1.png", "b/1.png", "b/.DS_Store"])
    try Data("no picture".utf8).write(to: URL(filePath: folder["a/._1.png"]))
    #expect(try labels(classes: 2) == [0, 1])
  }

  @Test func aFolderThatLinksToItselfEnds() throws {
    try fill(["a/1.png", "b/1.png"])
    try FileManager.default.createSymbolicLink(
      atPath: folder["a/loop"], withDestinationPath: folder["a"])
    #expect(try labels(classes: 2) == [0, 1])
  }

  @Test func binaryFilesBesideThemAreNotMeant() throws {
    try fill(["a/1.png", "b/1.png", "test_batch.bin", "weights.bin"])
    #expect(try labels(classes: 2) == [0, 1])
  }

  @Test func numbersThatAreAllThereAreInTorchvisionsOrder() throws {
    try fill((0..<12).map { "\($0)/1.png" })
    // 0, 1, 10, 11, 2, ...: the pictures in the order of names, each place a class.
    #expect(try labels(classes: 12) == Array(0..<12))
    #expect(try labels(classes: 12, order: .numbers) == [0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9])
  }

  @Test func numbersFromOneAreInTorchvisionsOrder() throws {
    try fill((1...12).map { "\($0)/1.png" })
    #expect(try labels(classes: 12) == Array(0..<12))
    #expect(throws: FormatError.self) { try labels(classes: 12, order: .numbers) }
  }

  @Test func numbersWithGapsAreTheClasses() throws {
    try fill(["3/1.png", "11/1.png", "0/1.png"])
    #expect(try labels(classes: 12) == [0, 11, 3])
    #expect(try labels(classes: 12, order: .names) == [0, 1, 2])
  }

  @Test func foldersThatAreCalledLikeTheModelsClassesAreThose() throws {
    try fill(["ship/1.png", "cat/1.png"])
    #expect(try labels(classes: 3, names: ["ship", "dog", "cat"]) == [2, 0])
    #expect(try labels(classes: 3, names: ["ship", "dog", "cat"], order: .names) == [0, 1])
  }

  @Test func namesAreInTheOrderOfTheirCodePoints() throws {
    // Composed, decomposed, an emoji behind the Basic Multilingual Plane, one before it.
    try fill(
      ["caf\u{E9}", "cafe\u{301}", "\u{1F600}", "\u{FF21}", "Z"].map { "\($0)/1.png" })
    let source = DataSource.folder(folder.path, .stretch)
    let graph = try Graph(
      input: Shape([1, 2, 2]),
      declarations: [.init(name: "flat", op: .flatten, inputs: ["input"])])
    #expect(throws: FormatError.self) { try Dataset.read(source, for: graph) }
    #expect(try labels(classes: 5) == [0, 1, 2, 3, 4])
    // Both spellings are there: the decomposed one, whose second byte is lower, comes first.
    try fill(["cafe\u{301}/2.png"])
    #expect(try labels(classes: 5) == [0, 1, 1, 2, 3, 4])
  }

  @Test func partsOfADataSetAreNoClasses() throws {
    try fill(["train/cat/1.png", "train/dog/1.png", "val/cat/1.png", "val/dog/1.png"])
    let error = #expect(throws: FormatError.self) { try labels(classes: 2) }
    #expect(error?.description.contains("train, val") == true)
  }

  @Test func picturesThatAreNotReadAreNamed() throws {
    try fill(["a/1.png", "a/2.webp", "b/1.png"])
    let error = #expect(throws: FormatError.self) { try labels(classes: 2) }
    #expect(error?.file.hasSuffix("a/2.webp") == true)
  }

  @Test func moreFoldersThanClassesAreRefused() throws {
    try fill(["a/1.png", "b/1.png", "c/1.png"])
    let error = #expect(throws: FormatError.self) { try labels(classes: 2) }
    #expect(error?.description.contains("'c' would be class 2") == true)
  }

  @Test func theOrderIsKeptInAModelsFile() throws {
    for order in ClassOrder.allCases {
      let source = DataSource.folder("photographs", .stretch, order)
      var reader = try ObjectReader(source.json, file: "model.json", place: "the data")
      #expect(try DataSource(&reader) == source)
    }
  }
}
