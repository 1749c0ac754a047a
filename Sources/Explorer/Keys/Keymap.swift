internal import Metrics
package import TerminalKit

/// Every key of the main screen: dispatch, footer, help and palette all read this list.
package enum Keymap {
  /// In the order of the footer and the help.
  package static let bindings: [Binding] = pruning + search + comparing + taking + screen + moving

  private static let pruning = [
    Binding(
      "space", "Pin or unpin the row", hint: "pin", .prune, .pin,
      unless: { $0.whyNothingToPin ?? $0.whyReadOnly }),
    Binding(
      "P", "Pin by block or pattern", .prune, .pinMany,
      unless: { $0.whyNothingToPin ?? $0.whyReadOnly }),
    Binding(
      "e", "Edit the layer's pattern", hint: "edit", .prune, .edit,
      unless: { $0.whyNoUnit ?? $0.whyReadOnly }),
    Binding(
      "z", "Undo", hint: "undo", .prune, .undo,
      unless: { $0.whyNo($0.run.edits.done.last, else: "nothing to undo yet") }),
    Binding(
      "Z", "Redo", .prune, .redo,
      unless: { $0.whyNo($0.run.edits.undone.last, else: "nothing to redo") }),
  ]

  private static let search = [
    Binding(
      "p", "Run or pause the search", hint: "run", .search, .toggleRun,
      unless: { $0.whyNoSearch ?? $0.whyReadOnly ?? $0.run.whyFineTuning }),
    Binding(
      "n", "Play one episode", hint: "one episode", .search, .playEpisode,
      unless: { $0.whyNoSearch ?? $0.whyReadOnly ?? $0.run.whySearching ?? $0.run.whyFineTuning }),
    Binding(
      "f", "Fine-tune the shown strategy", hint: "tune", .search, .fineTune,
      unless: { $0.run.whyNoFineTuning ?? $0.whyReadOnly }),
    Binding(
      "T", "Change the target", hint: "target", .search, .target,
      unless: { $0.whyNoSearch ?? $0.whyReadOnly }),
    Binding(
      "w", "Weight of an excess in the reward", .search, .multiplier,
      unless: { $0.whyNoSearch ?? $0.whyReadOnly }),
    Binding(
      "v", "The front from 25 to 75 %, planned", .search, .sweep,
      unless: { $0.whyNoSearch ?? $0.whyReadOnly ?? $0.whyNoSweep }),
    Binding(
      "I", "Images, mean and std", .search, .data,
      unless: { $0.whyNoOtherImages ?? $0.whyReadOnly }),
    Binding(
      "R", "Stored runs", .search, .resume),
    Binding(
      "[", "Previous episode", hint: "[ ] past", .search, .previousEpisode,
      unless: { $0.run.whyNoEarlierEpisode }),
    Binding(
      "]", "Next episode, then live", .search, .nextEpisode,
      unless: { $0.run.whyLive }),
    Binding(
      "{", "Previous record episode", .search, .previousRecord,
      unless: { $0.run.previousRecord == nil ? "no earlier record episode" : nil }),
    Binding(
      "}", "Next record episode", .search, .nextRecord,
      unless: { $0.run.nextRecord == nil ? "no later record episode" : nil }),
    Binding(
      "b", "Best strategy so far", hint: "best", .search, .best,
      unless: { $0.whyNoBest }),
    Binding(
      "L", "Back to live", .search, .live,
      unless: { $0.run.whyLive }),
  ]

  private static let comparing = [
    Binding("d", "Show what differs", hint: "diff", .compare, .compare),
    Binding("c", "Compare with what is shown", .compare, .reference),
    Binding("D", "Both side by side", .compare, .comparison),
  ]

  private static let taking = [
    Binding(
      "x", "Export the shown strategy", hint: "export", .take, .export,
      unless: { $0.run.whyLoading ?? $0.whyNothingIsWritten }),
    Binding("y", "Copy the strategy (JSON)", .take, .copy),
    Binding("Y", "Copy the selected line", .take, .copyLine),
    Binding("a", "Actions so far", .take, .log),
  ]

  private static let screen = [
    Binding("/", "Find a layer", hint: "find", .screen, .filter),
    Binding(
      ">", "Next match (also n)", .screen, .nextMatch,
      unless: { $0.layers.filter.isEmpty ? "press / to find a layer first" : nil }),
    Binding(
      "<", "Previous match (also N)", .screen, .previousMatch,
      unless: { $0.layers.filter.isEmpty ? "press / to find a layer first" : nil }),
    Binding(":", "Command palette", hint: "cmd", .screen, .palette),
    Binding(
      "t", "Choose a theme", .screen, .theme,
      unless: { $0.screen.themes.count < 2 ? "there is only one theme" : nil }),
    Binding("m", "Turn the mouse on or off", .screen, .mouse),
    Binding("s", "Smooth the curves", .screen, .smooth),
    Binding("S", "Logarithmic curves", .screen, .logarithm),
    Binding(
      "=", "Fewer episodes in the curves", .screen, .fewerEpisodes,
      unless: { $0.run.history.episodes.count < 3 ? "there are too few episodes" : nil }),
    Binding(
      "-", "More episodes in the curves", .screen, .moreEpisodes,
      unless: { $0.run.plotSpan == nil ? "every episode is there" : nil }),
    Binding("M", "Less motion", .screen, .motion),
    Binding("+", "Zoom the pane", .screen, .zoom),
    Binding("tab", "Next pane", .screen, .nextPane),
    Binding("backtab", "Previous pane", .screen, .previousPane),
    Binding("1", "Layers", .screen, .pane(.layers)),
    Binding("2", "Score", .screen, .pane(.score)),
    Binding("3", "Detail", .screen, .pane(.detail)),
    Binding("4", "Accuracy over MACs", .screen, .pane(.pareto)),
    Binding("5", "Steps", .screen, .pane(.steps)),
    Binding("6", "Log", .screen, .pane(.log)),
    Binding("i", "What the pane's words mean", .screen, .explain),
    Binding("?", "Help", hint: "help", .screen, .help),
    Binding("^z", "Suspend", .screen, .suspend),
    Binding("q ^c", "Quit", hint: "quit", .screen, .quit),
  ]

  private static let moving = [
    Binding("down j", "Down", .move, .down),
    Binding("up k", "Up", .move, .up),
    Binding("left h", "Fold; earlier; cheaper", .move, .left),
    Binding("right l", "Open; later; dearer", .move, .right),
    Binding("home g", "First row", .move, .first),
    Binding("end G", "Last row", .move, .last),
    Binding("pgdn ^d", "Half a screen down", .move, .pageDown),
    Binding("pgup ^u", "Half a screen up", .move, .pageUp),
    Binding(
      "enter", "Fold or open; aim at it", .move, .fold, unless: { $0.whyNoFold }),
    Binding("esc", "Back one level", .move, .back),
  ]

  /// The binding of a key.
  package static func binding(for key: Key) -> Binding? {
    bindings.first { $0.keys.contains(key) }
  }
}
