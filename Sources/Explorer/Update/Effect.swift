package import Patterns
package import Pruning
package import Search

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
  /// Find out how long fine-tuning a strategy takes.
  case estimateTuning(Strategy)
  /// Plan a strategy for each of these targets and look at it; none stops that.
  case sweep([Target])
  /// Fine-tune a strategy, or go on with it.
  case fineTune(Strategy, FineTuning)
  /// Stop fine-tuning, or finding out how long it takes.
  case cancelFineTuning
  /// Hold the pinned units.
  case pin(Strategy)
  /// Aim the search at something else.
  case steer(Aim)
  /// Keep this beside the run.
  case remember(RunMemory)
  /// Read the stored runs.
  case listRuns
  /// Give a run a name and a note.
  case labelRun(String, RunLabel)
  /// Delete a run with the models that were fine-tuned in it.
  case deleteRun(String)
  /// Leave this model for that of a stored run, which is gone on with.
  case open(model: String, run: String)
  /// Go on with a stored run in place of the present one, which is kept or deleted.
  case resume(String, keepingRun: Bool = true)
  /// Judge the model by other images from now on, in a new run; the present one is kept or deleted.
  case judge(DataChoice, keepingRun: Bool)
  /// Fine-tune on other images from now on.
  case train(DataChoice)
  /// Find out what a choice of images does, instead of one asked for earlier.
  case `try`(DataChoice)
  /// Give that up.
  case stopTrying
  /// Read the names of the images in a folder.
  case list(String)
  /// Count the masks of a strategy.
  case summarize(Strategy)
  /// Look at what a node yields on a few images.
  case observe(Int)
  /// Write a strategy to a path.
  case export(StrategyFile, path: String, replacing: Bool)
  /// Write a model to a folder or a file.
  case exportModel(ExportedModel, path: String, replacing: Bool)
  /// Write the report of a strategy to a file or a folder.
  case exportReport(of: Strategy, ReportFormat, path: String, replacing: Bool)
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
