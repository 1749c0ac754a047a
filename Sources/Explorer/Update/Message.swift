package import Search
package import TerminalKit

/// Something that happened, which the state takes.
package enum Message: Sendable {
  // MARK: From the user

  /// A key was pressed.
  case key(Key)
  /// The mouse was used.
  case mouse(MouseEvent)
  /// Text was pasted.
  case paste(String)
  /// The screen has another size.
  case resize(Size)

  // MARK: From other threads

  /// An event of the search.
  case search(SearchSession.Event)
  /// An event of fine-tuning.
  case fineTuning(FineTuneWorker.Event)
  /// The statistics of the model's weights.
  case weights(WeightStatistics)
  /// The masks of a strategy.
  case masks(MaskSummary)
  /// What a node yields on a few images.
  case outputs(Int, Histogram)
  /// The stored runs, newest first.
  case storedRuns([RunOutcome])
  /// What a choice of images does.
  case trial(DataTrial)
  /// The names in a folder.
  case folder(PathCompletion)
  /// The writing of a file ended.
  case export(ExportOutcome)
  /// Something else failed: why, in one line.
  case failed(String)
}
