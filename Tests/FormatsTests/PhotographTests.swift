import Formats
import Foundation
import ModelGraph
import TestSupport
import Testing

/// Pictures in the forms that PNG and JPEG allow beside what Pillow makes of them: `Fixtures/make-pictures.py`.
@Suite struct PhotographTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/pictures")
  private static let names = Result {
    try FileManager.default.contentsOfDirectory(atPath: folder.path())
      .filter { !$0.hasSuffix(".raw") }.sorted()
  }

  @Test(arguments: try names.get())
  func pixelsAreThoseOfPillow(name: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder["a"], withIntermediateDirectories: true)
    let source = Self.folder.appending(path: name)
    try FileManager.default.copyItem(at: source, to: URL(filePath: folder["a/\(name)"]))
    let graph = try Graph(
      input: Shape([3, 9, 13]),
      declarations: [NodeDeclaration(name: "flat", op: .flatten, inputs: ["input"])])
    let data = try Dataset.read(.folder(folder.path, .stretch), for: graph)
    guard case .bytes(let planes) = data.pixels else {
      Issue.record("no bytes")
      return
    }
    let area = 9 * 13
    let pixels = (0..<area).flatMap { pixel in (0..<3).map { planes[$0 * area + pixel] } }
    let expected = [UInt8](
      try Data(contentsOf: source.deletingPathExtension().appendingPathExtension("raw")))
    try #require(pixels.count == expected.count)
    // Another version of JPEG's library may round otherwise; sixteen bits are cut, as by Pillow, unless there is alpha.
    let tolerance = name.hasSuffix(".jpg") ? 2 : name.contains("alpha-16") ? 1 : 0
    let worst = zip(pixels, expected).map { abs(Int($0) - Int($1)) }.max() ?? 0
    #expect(worst <= tolerance)
  }
}
