/// A command that a key of the main screen gives.
package enum Command: Hashable, Sendable {
  case up, down, left, right, first, last, pageUp, pageDown
  case nextPane, previousPane, pane(Pane), zoom
  case fold, pin, pinMany, edit
  case toggleRun, playEpisode, fineTune, target, multiplier, sweep, resume, data
  case previousEpisode, nextEpisode, previousRecord, nextRecord, best, live
  case reference, compare, comparison
  case undo, redo, export, copy, copyLine, log
  case theme, mouse, smooth, logarithm, fewerEpisodes, moreEpisodes, motion
  case filter, nextMatch, previousMatch
  case help, explain, palette, back, quit, suspend
}
