public import Formats

/// The forms in which a pruned model, or what is to be said of it, is written.
public enum ExportFormat: Hashable, Sendable {
  /// A model.
  case model(ModelFormat)
  /// A report of one.
  case report(ReportFormat)
}

/// The forms in which a report is written.
public enum ReportFormat: String, CaseIterable, Hashable, Sendable {
  /// A page of one file.
  case html
  /// Tables, to be read as text.
  case markdown
  /// Data that lie over the graph in Google's Model Explorer, in a folder.
  case modelExplorer = "model-explorer"

  /// The end of a file's name; empty for a folder's.
  public var suffix: String {
    switch self {
    case .html: ".html"
    case .markdown: ".md"
    case .modelExplorer: ""
    }
  }
}

extension ExportFormat: CaseIterable {
  /// Models, then reports.
  public static var allCases: [ExportFormat] {
    ModelFormat.allCases.map(Self.model) + ReportFormat.allCases.map(Self.report)
  }

  /// Its name in the options of a command.
  public var name: String {
    switch self {
    case .model(let format): format.rawValue
    case .report(let format): format.rawValue
    }
  }

  /// The form that a path's name says; nil if it says nothing, as that of a folder.
  public init?(ofFileAt path: String) {
    if let format = ModelFormat(ofFileAt: path) {
      self = .model(format)
      return
    }
    let name = path.lowercased()
    guard
      let format = ReportFormat.allCases.first(where: {
        !$0.suffix.isEmpty && name.hasSuffix($0.suffix)
      })
    else { return nil }
    self = .report(format)
  }
}

extension StrategyReport {
  /// A file of a report.
  public struct File: Hashable, Sendable {
    /// Where it goes.
    public var path: String
    /// What is in it.
    public var text: String
  }

  /// The files of the report: one at that path, or several in a folder there.
  public func files(as format: ReportFormat, at path: String) -> [File] {
    switch format {
    case .html: [File(path: path, text: html)]
    case .markdown: [File(path: path, text: markdown)]
    case .modelExplorer:
      nodeData.map { File(path: Path.resolve($0.name, against: path), text: $0.json) }
    }
  }
}
