extension Frame {
  /// The frame as plain text: one line a row, spaces at the end of each line left out.
  public var text: String { lines.joined(separator: "\n") }

  /// The rows of the frame as plain text, spaces at their ends left out.
  public var lines: [String] {
    (0..<size.height).map { y in
      var line = ""
      for cell in cells[y * size.width..<(y + 1) * size.width] { line += cell.text }
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }
}
