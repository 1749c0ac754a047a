package import TerminalKit

/// A dialog that lies over the panes and has the keyboard.
package enum Overlay: Hashable, Sendable {
  /// The keys; the number is the first line shown.
  case help(scroll: Int)
  /// What a pane's words mean; the number is the first line shown.
  case explanation(Pane, scroll: Int)
  /// Commands by name.
  case palette(Palette)
  /// The part of a layer's name that is searched for.
  case filter(TextField)
  /// A number being typed.
  case prompt(Prompt)
  /// Things to choose from.
  case chooser(Chooser)
  /// Two strategies side by side, the one shown beside the reference if nil; the number is the first line shown.
  case comparison(StrategyPair?, scroll: Int)
  /// The stored runs.
  case runs(RunBrowser)
  /// Actions and events, latest first; the number is the first line shown.
  case log(scroll: Int)
  /// The patterns of a layer.
  case editor(PatternEditor)
  /// Where a strategy goes.
  case export(ExportDialog)
  /// The epochs and the rate of a fine-tuning.
  case tuning(TuningDialog)
  /// The images.
  case data(DataDialog)
  /// Something to be answered.
  case question(Question)
}
