internal import Formats
internal import Foundation
internal import ModelGraph
internal import Patterns
internal import Pruning
internal import Search

/// Writes files at the paths that the user typed.
enum ExportWriter {
  /// Writes a strategy.
  static func write(
    _ file: StrategyFile, for space: PruningSpace, to path: String, replacing: Bool
  ) -> ExportOutcome {
    writeFile(path, replacing: replacing) { path in
      try file.write(to: path, for: space, replacing: replacing)
    }
  }

  /// Writes a report: a file, or several in a folder.
  static func write(
    _ report: StrategyReport, as format: ReportFormat, to path: String, replacing: Bool
  ) -> ExportOutcome {
    if format == .modelExplorer {
      do {
        try ModelFile.makeFolder(at: UserPath.expanded(path))
      } catch {
        return .failed("\(error)")
      }
    }
    for file in report.files(as: format, at: path) {
      let outcome = writeFile(file.path, replacing: replacing) { path in
        try AtomicFile.write(data: Array(file.text.utf8), to: path, replacing: replacing)
      }
      guard case .written = outcome else { return outcome }
    }
    return .written(UserPath.expanded(path))
  }

  /// Writes a model, made by the workbench or read from where fine-tuning left it.
  static func write(
    _ model: ExportedModel, on workbench: Workbench, to path: String, replacing: Bool
  ) -> ExportOutcome {
    func made() throws -> (Model, [Split: DataSource]) {
      switch model.source {
      case .pruned(let strategy, let correction):
        let pruned = try workbench.prune(strategy, correction ?? workbench.method.correction)
        return (try pruned.lowered().model, workbench.file.data)
      case .fineTuned(let result):
        let file = try ModelFile.read(at: result.folder + "/model.json").readingWeights()
        return (file.model, file.data)
      }
    }
    switch model.format {
    case .onnx, .pytorch:
      return writeFile(path, replacing: replacing) { path in
        guard ModelFormat(ofFileAt: path) == model.format else {
          throw FormatError(
            path, "is no name for such a file", remedy: "end it in \(model.format.suffix)")
        }
        let made = try made().0
        try ModelFile.write(
          model.format == .onnx ? made.fused() : made, to: path, replacing: replacing)
      }
    case .sculpt:
      let folder = UserPath.expanded(path)
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), !isFolder.boolValue
      {
        return .failed("\(folder) is a file: name a folder")
      }
      let path = Path.resolve("model.json", against: folder)
      return writeFile(path, replacing: replacing) { path in
        let (model, data) = try made()
        try ModelFile.makeFolder(at: folder)
        try ModelFile.write(model, to: path, data: data, replacing: replacing)
      }
    }
  }

  private static func writeFile(
    _ path: String, replacing: Bool, _ write: (String) throws -> Void
  ) -> ExportOutcome {
    let path = UserPath.expanded(path)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue { return .failed("\(path) is a folder: add a file name") }
      if !replacing { return .exists(path) }
    }
    do {
      try write(path)
      return .written(path)
    } catch {
      return .failed("\(error)")
    }
  }
}
