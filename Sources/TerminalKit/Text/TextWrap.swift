extension String {
  /// The text as lines of at most `columns` columns, broken at spaces where there are any.
  ///
  /// A newline always starts a new line; a word longer than a line is cut.
  public func wrapped(toColumns columns: Int) -> [String] {
    guard columns > 0 else { return [] }
    return split(separator: "\n", omittingEmptySubsequences: false).flatMap {
      String.wrap(paragraph: $0, columns: columns)
    }
  }

  private static func wrap(paragraph: Substring, columns: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in paragraph.split(separator: " ") {
      var word = String(word)
      if line.isEmpty {
        line = ""
      } else if line.displayWidth + 1 + word.displayWidth <= columns {
        line += " " + word
        continue
      } else {
        lines.append(line)
      }
      while word.displayWidth > columns {
        let head = word.prefix(columns: columns)
        guard !head.isEmpty else { return lines }
        lines.append(head)
        word = TextCluster.clusters(of: word).dropFirst(TextCluster.clusters(of: head).count)
          .map(\.text).joined()
      }
      line = word
    }
    lines.append(line)
    return lines
  }
}
