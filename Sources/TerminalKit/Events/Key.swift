/// A key, or a key together with ctrl or alt.
public enum Key: Hashable, Sendable {
  /// A character that is typed, the space among them.
  case character(Character)
  /// Ctrl and a lower-case letter or one of `@ \ ] ^ _`.
  case control(Character)
  /// Alt and a character.
  case alt(Character)
  /// Enter.
  case enter
  /// Escape.
  case escape
  /// Tab.
  case tab
  /// Shift and tab.
  case backtab
  /// Backspace.
  case backspace
  /// Delete.
  case delete
  /// Insert.
  case insert
  /// Home.
  case home
  /// End.
  case end
  /// Page up.
  case pageUp
  /// Page down.
  case pageDown
  /// Arrow up.
  case up
  /// Arrow down.
  case down
  /// Arrow left.
  case left
  /// Arrow right.
  case right
  /// A function key, 1...24.
  case function(Int)
}
