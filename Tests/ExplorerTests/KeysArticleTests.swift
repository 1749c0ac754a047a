import Explorer
import Foundation
import TerminalKit
import Testing

/// `SCULPT_RECORD=1 swift test --filter KeysArticleTests` writes the table anew.
struct KeysArticleTests {
  @Test func theTableOfKeysIsTheKeymap() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Explorer/Explorer.docc/Keys.md").standardizedFileURL
    let article = String(decoding: try Data(contentsOf: path), as: UTF8.self)
    let head = "| key | what it does |\n|---|---|\n"
    let start = try #require(article.range(of: head))
    let table = Binding.Section.allCases.flatMap { section in
      Keymap.bindings.filter { $0.section == section }.map { binding in
        "| \(binding.keys.map { "`\($0)`" }.joined(separator: " ")) | \(binding.name) |"
      }
    }.joined(separator: "\n")
    if ProcessInfo.processInfo.environment["SCULPT_RECORD"] != nil {
      try Data((article[..<start.upperBound] + table + "\n").utf8).write(to: path)
    } else {
      #expect(article[start.upperBound...] == table + "\n")
    }
  }
}
