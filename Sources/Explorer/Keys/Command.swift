/// What a key of the main screen does.
package enum Command: Hashable, Sendable {
  case up, down, left, right, first, last, pageUp, pageDown
  case nextPane, previousPane, pane(Pane), zoom
  case fold, pin, edit
  case toggleRun, playEpisode, fineTune
  case previousEpisode, nextEpisode, previousRecord, nextRecord, live
  case undo, redo, export, copy, copyLine
  case theme, mouse
  case filter, nextMatch, previousMatch
  case help, palette, back, quit, suspend
}
