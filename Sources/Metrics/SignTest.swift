internal import Foundation

/// How often one of two is ahead of the other over pairs, and how likely that is if neither is better (Dixon and Mood,
/// 1946).
public struct SignTest: Hashable, Sendable, Codable {
  /// Pairs in which the first is less.
  public let wins: Int
  /// Pairs in which the second is less.
  public let losses: Int

  /// Counts pairs; ties say nothing.
  public init(_ pairs: some Sequence<(Double, Double)>) {
    var (wins, losses) = (0, 0)
    for (first, second) in pairs {
      if first < second { wins += 1 }
      if first > second { losses += 1 }
    }
    (self.wins, self.losses) = (wins, losses)
  }

  /// The probability of a difference at least as one-sided, either way, by chance; 1 of no pairs.
  public var probability: Double {
    let count = wins + losses
    var (term, tail) = (pow(0.5, Double(count)), 0.0)
    for successes in 0...min(wins, losses) {
      tail += term
      term *= Double(count - successes) / Double(successes + 1)
    }
    return min(1, 2 * tail)
  }
}
