import Explorer
import Foundation
import TerminalKit
import Testing

/// `SCULPT_RECORD=1 swift test --filter ReadmeTests` writes the table anew.
struct ReadmeTests {
  @Test func theTableOfKeysIsTheKeymap() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../README.md").standardizedFileURL
    let readme = String(decoding: try Data(contentsOf: path), as: UTF8.self)
    let head = "| key | what it does |\n|---|---|\n"
    let start = try #require(readme.range(of: head))
    let end = try #require(readme[start.upperBound...].range(of: "\n\n"))
    let table = Binding.Section.allCases.flatMap { section in
      Keymap.bindings.filter { $0.section == section }.map { binding in
        "| \(binding.keys.map { "`\($0)`" }.joined(separator: " ")) | \(binding.name) |"
      }
    }.joined(separator: "\n")
    if ProcessInfo.processInfo.environment["SCULPT_RECORD"] != nil {
      let new = readme.replacingCharacters(in: start.upperBound..<end.lowerBound, with: table)
      try Data(new.utf8).write(to: path)
    } else {
      #expect(readme[start.upperBound..<end.lowerBound] == table)
    }
  }
}
