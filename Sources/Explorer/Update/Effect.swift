package import Patterns
package import Search

/// What the run loop is to do.
package enum Effect: Hashable, Sendable {
  /// Measure a strategy before anything else.
  case measure(Strategy)
  /// Play episodes until paused.
  case run
  /// Stop searching.
  case pause
  /// Play one episode.
  case playEpisode
  /// Fine-tune a strategy, or go on with it.
  case fineTune(Strategy)
  /// Stop fine-tuning.
  case cancelFineTuning
  /// Hold the pinned units.
  case pin(Strategy)
  /// Count the masks of a strategy.
  case summarize(Strategy)
  /// Write a strategy to a path.
  case export(StrategyFile, path: String, replacing: Bool)
  /// Write a fine-tuned model to a folder.
  case exportModel(FineTuned, folder: String, replacing: Bool)
  /// Put text into the clipboard.
  case copy(String)
  /// Change the theme.
  case theme(String)
  /// Report the mouse, or not.
  case mouse(Bool)
  /// Stop the process until it is continued.
  case suspend
  /// End the program.
  case quit
}
