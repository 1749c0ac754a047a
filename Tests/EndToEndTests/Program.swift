import Foundation

/// The programs, as `swift test` has built them beside the tests.
enum Program: String, CustomStringConvertible {
  case sculpt
  case explorer = "sculpt-tui"
  case shell = "/bin/bash"

  var description: String { rawValue }

  var path: String {
    rawValue.hasPrefix("/") ? rawValue : Self.folder.appending(path: rawValue).path
  }

  /// Where the bundle of the tests is; on Linux that is the program that runs them.
  private static let folder: URL = {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    let own = bundle?.bundleURL ?? Bundle.main.executableURL
    return (own ?? URL(filePath: CommandLine.arguments[0])).deletingLastPathComponent()
  }()
}
