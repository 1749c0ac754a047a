/// Something the mouse did, and where.
public struct MouseEvent: Hashable, Sendable {
  /// The action.
  public enum Action: Hashable, Sendable {
    /// A button went down.
    case press(Button)
    /// The mouse moved with a button down.
    case drag(Button)
    /// A button went up.
    case release
    /// The wheel turned away from the user.
    case wheelUp
    /// The wheel turned towards the user.
    case wheelDown
  }

  /// A button.
  public enum Button: Hashable, Sendable {
    /// The main one.
    case left
    /// The wheel.
    case middle
    /// The other one.
    case right
  }

  /// The action.
  public let action: Action
  /// The cell, from the top left of the screen.
  public let position: Point

  /// Makes an event.
  public init(_ action: Action, at position: Point) {
    self.action = action
    self.position = position
  }
}
