import Formats
import Foundation
import TestSupport
import Testing

@Suite struct CacheFolderTests {
  private let folder: TemporaryFolder
  private let environment: [String: String]

  init() throws {
    folder = try TemporaryFolder()
    environment = ["XDG_CACHE_HOME": folder.path, "HOME": "/nowhere"]
  }

  /// The value kept under a key, and whether it had to be made.
  private func value(
    _ key: [String]?, in environment: [String: String]? = nil,
    isValid: ([Int]) -> Bool = { _ in true }, making made: [Int]? = [1, 2]
  ) -> (value: [Int]?, isMade: Bool) {
    var isMade = false
    let value = CacheFolder.value(
      "numbers", key: key, in: environment ?? self.environment, isValid: isValid
    ) {
      isMade = true
      return made
    }
    return (value, isMade)
  }

  @Test func aValueIsMadeOnce() {
    #expect(value(["a", "b"]) == (value: [1, 2], isMade: true))
    #expect(value(["a", "b"], making: [3]) == (value: [1, 2], isMade: false))
    // Everything in the key counts, and where its parts end.
    #expect(value(["ab"], making: [3]) == (value: [3], isMade: true))
    #expect(value(["a", "c"], making: [4]) == (value: [4], isMade: true))
  }

  @Test func withoutAKeyNothingIsKept() throws {
    #expect(value(nil) == (value: [1, 2], isMade: true))
    #expect(value(nil) == (value: [1, 2], isMade: true))
    #expect(try folder.contents().isEmpty)
  }

  @Test func whatWasCancelledIsNotKept() {
    #expect(value(["a"], making: nil) == (value: nil, isMade: true))
    #expect(value(["a"]) == (value: [1, 2], isMade: true))
  }

  @Test func whatIsDamagedOrOfAnotherShapeIsMadeAnew() throws {
    let path = try #require(
      CacheFolder.path("numbers", key: ["a"], suffix: "json", in: environment))
    _ = value(["a"])
    try Data("[1, ".utf8).write(to: URL(filePath: path))
    #expect(value(["a"], making: [5]) == (value: [5], isMade: true))
    #expect(value(["a"], isValid: { $0.count == 2 }, making: [6, 7]).isMade)
    #expect(value(["a"]) == (value: [6, 7], isMade: false))
  }

  @Test func aCacheThatCannotBeWrittenIsOnlySlower() {
    let nowhere = ["XDG_CACHE_HOME": "/dev/null/cache"]
    #expect(value(["a"], in: nowhere) == (value: [1, 2], isMade: true))
    #expect(value(["a"], in: nowhere) == (value: [1, 2], isMade: true))
  }
}
