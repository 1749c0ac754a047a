internal import Formats
internal import Patterns
internal import Search

extension Workbench {
  /// The expected loss of every choice, with progress.
  func expectedLosses() throws -> Sensitivity {
    let line = ProgressLine()
    defer { line.clear() }
    let sensitivity = try cachedSensitivity { done, count in
      line.show("sensitivity: choice \(done) of \(count)")
    }
    guard let sensitivity else { preconditionFailure("nobody cancels it") }
    return sensitivity
  }
}

extension ModelFile {
  /// The time of every choice, with progress.
  func measuredLatencies(in space: PruningSpace) throws -> LatencyTable {
    let line = ProgressLine()
    defer { line.clear() }
    let table = try LatencyTable.cached(
      model, digest: digest, space, progress: { line.show("latency: choice \($0) of \($1)") })
    guard let table else { preconditionFailure("nobody cancels it") }
    if let doubt = table.doubt { line.note("sculpt: \(doubt)") }
    return table
  }
}
