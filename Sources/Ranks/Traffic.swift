/// What was dealt out so far, and what that took.
package struct Traffic: Hashable, Sendable {
  /// Pieces of work, those among them that this rank did itself.
  package var (pieces, own) = (0, 0)
  /// Bytes that were sent to the other ranks, and that came back.
  package var (sent, received) = (0, 0)
  /// Seconds that all ranks worked on pieces, together.
  package var work = 0.0
  /// Seconds from dealing out to the last reply.
  package var elapsed = 0.0

  mutating func add(_ other: Traffic, elapsed seconds: Double) {
    pieces += other.pieces
    own += other.own
    sent += other.sent
    received += other.received
    work += other.work
    elapsed += seconds
  }

  /// The share of their time that so many ranks worked while work was dealt out.
  package func busy(_ ranks: Int) -> Double { elapsed == 0 ? 0 : work / (elapsed * Double(ranks)) }
}
