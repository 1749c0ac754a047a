/// Where the episodes of a search are kept.
public enum Recording: Hashable, Sendable {
  /// In memory only.
  case none
  /// In a new run, begun at this path when there is something to keep.
  case new(path: String)
  /// In this run, whose episodes come first.
  case resume(path: String)
  /// Nowhere; this run's episodes come first.
  case show(path: String)
  /// Nowhere; this run's episodes come first, then those that another program adds to it.
  case follow(path: String)
}

extension Recording {
  /// The path of the stored run that is gone on with or shown, if one is.
  package var storedPath: String? {
    switch self {
    case .none, .new: nil
    case .resume(let path), .show(let path), .follow(let path): path
    }
  }

  /// The same run, of which nothing is written.
  package var unwritten: Recording {
    switch self {
    case .none, .new: .none
    case .resume(let path): .show(path: path)
    case .show, .follow: self
    }
  }
}
