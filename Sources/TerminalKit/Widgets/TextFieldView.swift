/// A text field on screen: a prompt, the part of the text around the cursor, and the cursor.
public struct TextFieldView: Widget {
  /// The text being typed.
  public var field: TextField
  /// The text before it.
  public var prompt: String
  /// The placeholder while nothing has been typed.
  public var placeholder: String

  /// Makes a view of a field.
  public init(_ field: TextField, prompt: String = "", placeholder: String = "") {
    self.field = field
    self.prompt = prompt
    self.placeholder = placeholder
  }

  /// Draws into the first row and puts the frame's cursor there.
  public func draw(on frame: inout Frame, in rect: Rect) {
    let row = rect.row(0)
    let wide = row.width > prompt.displayWidth + 3
    let start = wide ? frame.put(prompt, at: row.origin, style: .accent) : row.x
    let room = row.inset(left: start - row.x)
    let before = String(field.text.prefix(field.cursor)).displayWidth
    let hidden = max(0, before - (room.width - 1))
    frame.clipped(to: room) { frame in
      frame.put(field.text, at: Point(x: room.x - hidden, y: room.y))
      if field.text.isEmpty { frame.put(placeholder, at: room.origin, style: .muted) }
    }
    let cursor = Point(x: room.x + before - hidden, y: room.y)
    if frame.clip.intersection(room).contains(cursor) { frame.cursor = cursor }
  }
}
