public import Foundation
public import Patterns

/// A run that was stored, as it is gone on with.
public struct StoredRun: Hashable, Sendable {
  /// How the search is run.
  public var settings: SearchSettings
  /// The pinned units and their choices.
  public var pins: Strategy
  /// The weight of an excess in the next episode.
  public var multiplier: Double
  /// Its episodes, in order.
  public var episodes: [Episode]
  /// What whoever showed it kept beside it; nil if nothing.
  public var memory: Data?
  /// Who writes into it where it is only shown here; nil if this program does.
  public var writer: RunWriter?

  /// A run that is known.
  public init(
    _ settings: SearchSettings, pins: Strategy, multiplier: Double = 1, episodes: [Episode] = [],
    memory: Data? = nil, writer: RunWriter? = nil
  ) {
    self.settings = settings
    self.pins = pins
    self.multiplier = multiplier
    self.episodes = episodes
    self.memory = memory
    self.writer = writer
  }
}
