/// Where the episodes of a search are kept.
public enum Recording: Hashable, Sendable {
  /// In memory only.
  case none
  /// In a new run, begun at this path when there is something to keep.
  case new(path: String)
  /// In this run, whose episodes come first.
  case resume(path: String)
}

extension Recording {
  /// The path of the stored run that is gone on with, if one is.
  package var storedPath: String? { if case .resume(let path) = self { path } else { nil } }
}
