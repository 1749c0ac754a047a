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
  /// The strategy shown beside the reference; the number is the first line shown.
  case comparison(scroll: Int)
  /// Actions and events, latest first; the number is the first line shown.
  case log(scroll: Int)
  /// The patterns of a layer.
  case editor(PatternEditor)
  /// Where a strategy goes.
  case export(ExportDialog)
  /// Something to be answered.
  case question(Question)
}
