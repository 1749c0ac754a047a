internal import ArgumentParser
internal import Formats

/// What `sculpt export` writes.
enum ExportFormat: String, CaseIterable {
  case sculpt
  case onnx
  case pytorch
  case html
  case markdown
  case modelExplorer = "model-explorer"

  /// The form of a model; nil for what is said of it.
  var model: ModelFormat? {
    switch self {
    case .sculpt: .sculpt
    case .onnx: .onnx
    case .pytorch: .pytorch
    case .html, .markdown, .modelExplorer: nil
    }
  }

  /// What a path's name says is to be written; nil if it says nothing.
  init?(ofFileAt path: String) {
    let name = path.lowercased()
    if name.hasSuffix(".html") {
      self = .html
    } else if name.hasSuffix(".md") {
      self = .markdown
    } else {
      return nil
    }
  }
}

extension ExportFormat: ExpressibleByArgument {}
