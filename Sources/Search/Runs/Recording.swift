/// Where the episodes of a search are kept.
public enum Recording: Hashable, Sendable {
  /// In memory only.
  case none
  /// In a new run, begun at this path when there is something to keep.
  case new(path: String)
  /// In this run, whose episodes come first.
  case resume(path: String)
  /// Nowhere; this run's episodes come first. Another program may be writing into it.
  case show(path: String, writer: RunHolder? = nil)
}

extension Recording {
  /// The path of the stored run that is gone on with or shown, if one is.
  package var storedPath: String? {
    switch self {
    case .none, .new: nil
    case .resume(let path), .show(let path, _): path
    }
  }

  /// The other program that writes into the run that is shown, if one does.
  var writer: RunHolder? { if case .show(_, let writer) = self { writer } else { nil } }
}
