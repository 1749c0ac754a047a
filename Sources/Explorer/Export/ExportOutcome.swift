/// How the writing of a file ended.
package enum ExportOutcome: Hashable, Sendable {
  /// It was written to this path.
  case written(String)
  /// There is a file at this path already, which was left as it is.
  case exists(String)
  /// It was not written: why, in one line.
  case failed(String)
}
