import Foundation
import Search
import Testing

@Suite struct RunFolderTests {
  private let folder = RunFolder(environment: ["XDG_DATA_HOME": "/data"])

  @Test func processesThatStartInOneSecondGetPathsOfTheirOwn() {
    let now = Date.now
    let paths = [11, 12].map { folder.newPath(model: "A model", at: now, process: $0) }
    #expect(paths[0] != paths[1])
    #expect(paths.allSatisfy { $0.hasPrefix("/data/sculpt/runs/a-model-") })
    #expect(paths[0].hasSuffix("-11.sqlite"))
  }
}
