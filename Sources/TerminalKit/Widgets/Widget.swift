/// Something that draws itself into a region of a frame, and nowhere else, whatever the region's size.
public protocol Widget: Sendable {
  /// Draws into a region; the frame's clip already protects everything outside.
  func draw(on frame: inout Frame, in rect: Rect)
}

extension Frame {
  /// Draws a widget into a region.
  public mutating func draw(_ widget: some Widget, in rect: Rect) {
    clipped(to: rect) { frame in
      guard !rect.isEmpty else { return }
      widget.draw(on: &frame, in: rect)
    }
  }
}
