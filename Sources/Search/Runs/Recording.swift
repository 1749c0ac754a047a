/// Where the episodes of a search are kept.
public enum Recording: Hashable, Sendable {
  /// In memory only.
  case none
  /// In a new run, begun at this path when there is something to keep.
  case new(path: String)
  /// In this run, whose episodes come first.
  case resume(path: String)
}
