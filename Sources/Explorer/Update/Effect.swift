package import Patterns

/// Something that the run loop is to do.
package enum Effect: Hashable, Sendable {
  /// Measure a strategy before anything else.
  case measure(Strategy)
  /// Make a strategy ready to be written: measured on every image, solved again where that gains accuracy.
  case finish(Strategy)
  /// Find the best strategy so far, and make it ready to be written.
  case findBest
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
  /// Aim the search at something else.
  case steer(Aim)
  /// Keep this beside the run.
  case remember(RunMemory)
  /// Go on with a stored run in place of the present one.
  case resume(String)
  /// Count the masks of a strategy.
  case summarize(Strategy)
  /// Write a strategy to a path.
  case export(StrategyFile, path: String, replacing: Bool)
  /// Write a model to a folder or a file.
  case exportModel(ExportedModel, path: String, replacing: Bool)
  /// Write a text to a file.
  case exportText(String, path: String, replacing: Bool)
  /// Put text into the clipboard.
  case copy(String)
  /// Draw in a theme.
  case theme(String)
  /// Report the mouse, or not.
  case mouse(Bool)
  /// Keep what the screen is like for the next time.
  case keep(Preferences)
  /// Stop the process until it is continued.
  case suspend
  /// End the program.
  case quit
}
