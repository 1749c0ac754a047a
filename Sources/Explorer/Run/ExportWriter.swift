internal import Formats
internal import Patterns
internal import Search

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Writes a strategy or a model where the user said.
enum ExportWriter {
  /// Writes the file and says what became of it.
  static func write(
    _ file: StrategyFile, for space: PruningSpace, to path: String, replacing: Bool
  ) -> Message {
    let path = expanded(path)
    var isFolder = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder { return .exportFailed("\(path) is a folder: add a file name") }
      if !replacing { return .exportExists(path) }
    }
    do {
      try file.write(to: path, for: space, replacing: replacing)
      return .exported(path)
    } catch {
      return .exportFailed("\(error)")
    }
  }

  /// Writes a fine-tuned model into a folder and says what became of it.
  static func write(_ model: FineTuned, to folder: String, replacing: Bool) -> Message {
    let folder = expanded(folder)
    var isFolder = false
    if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), !isFolder {
      return .exportFailed("\(folder) is a file: name a folder")
    }
    let path = (folder.hasSuffix("/") ? folder : folder + "/") + "model.json"
    if !replacing, FileManager.default.fileExists(atPath: path) { return .exportExists(path) }
    do {
      let file = try ModelFile.read(at: model.folder + "/model.json")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try ModelFile.write(file.model, to: path, data: file.data, replacing: replacing)
      return .exported(path)
    } catch let error as FormatError {
      return .exportFailed("\(error)")
    } catch {
      return .exportFailed("\(folder) cannot be made: name another folder")
    }
  }

  /// `~/` is the home folder, as in a shell.
  private static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"] else {
      return path
    }
    return home + path.dropFirst(1)
  }
}
