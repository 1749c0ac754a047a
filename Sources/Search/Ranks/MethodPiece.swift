internal import Patterns
internal import Threads

/// One method's search in a comparison; see `Workbench.compare`.
struct MethodPiece: Piece {
  var method: String
  var settings: SearchSettings
  var sensitivity: Sensitivity
  var latencies: Latencies?
  var evaluations: Int

  /// The best that it found; none if it found nothing.
  struct Outcome: Codable, Sendable {
    var result: MethodResult?
  }

  func outcome(on workbench: Workbench, _ cancellation: Cancellation?) throws -> Outcome? {
    Outcome(result: try workbench.result(of: self) { _ in })
  }
}
