import Formats
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  @Test func writesAndReplaces() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(data: [1, 2, 3], to: folder["a"])
    #expect(try bytes(of: folder["a"]) == [1, 2, 3])
    try AtomicFile.write(data: [], to: folder["a"])
    #expect(try bytes(of: folder["a"]) == [])
    #expect(try folder.contents() == ["a"])
  }

  @Test func keepsWhatItMayNotReplace() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(data: [1], to: folder["a"], replacing: false)
    #expect {
      try AtomicFile.write(data: [2], to: folder["a"], replacing: false)
    } throws: { error in
      (error as? FormatError)?.file == folder["a"] && "\(error)".contains("exists already")
    }
    #expect(try bytes(of: folder["a"]) == [1])
    #expect(try folder.contents() == ["a"])
  }

  @Test func aFolderInItsPlaceStays() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FormatError.self) { try AtomicFile.write(data: [1], to: folder.path) }
    #expect(try folder.contents() == [])
  }

  @Test func aMissingFolderIsAnError() throws {
    let folder = try TemporaryFolder()
    #expect {
      try AtomicFile.write(data: [1], to: folder["none/a"])
    } throws: { error in
      "\(error)".contains("No such file") && "\(error)".contains("check the path")
    }
  }
}
