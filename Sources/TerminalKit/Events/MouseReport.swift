/// Reads the three numbers of a mouse report: button and modifiers, column, row.
enum MouseReport {
  static func event(_ numbers: [Int], released: Bool) -> Event? {
    guard numbers.count == 3, numbers[1] >= 1, numbers[2] >= 1,
      let action = action(code: numbers[0], released: released)
    else { return nil }
    return .mouse(MouseEvent(action, at: Point(x: numbers[1] - 1, y: numbers[2] - 1)))
  }

  /// Bits 0 and 1 are the button, 2 to 4 shift, alt and ctrl, 5 is motion, 6 the wheel.
  private static func action(code: Int, released: Bool) -> MouseEvent.Action? {
    if code & 64 != 0 {
      return switch code & 3 {
      case 0: .wheelUp
      case 1: .wheelDown
      default: nil
      }
    }
    if released || code & 3 == 3 { return code & 32 != 0 ? nil : .release }
    let button: MouseEvent.Button =
      switch code & 3 {
      case 0: .left
      case 1: .middle
      default: .right
      }
    return code & 32 != 0 ? .drag(button) : .press(button)
  }
}
