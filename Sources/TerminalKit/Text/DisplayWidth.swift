extension String {
  /// How many terminal columns the text takes, the same in every locale.
  public var displayWidth: Int {
    if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return utf8.count }
    return TextCluster.clusters(of: self).reduce(0) { $0 + $1.width }
  }

  /// The text cut to at most `columns` columns, its end replaced by `…` when something was cut.
  public func truncated(toColumns columns: Int, ellipsis: String = "…") -> String {
    guard displayWidth > columns else { return self }
    let room = columns - ellipsis.displayWidth
    guard room >= 0 else { return prefix(columns: columns) }
    return prefix(columns: room) + ellipsis
  }

  /// The longest beginning that fits into `columns` columns.
  package func prefix(columns: Int) -> String {
    var width = 0
    var result = ""
    for cluster in TextCluster.clusters(of: self) {
      width += cluster.width
      guard width <= columns else { break }
      result += cluster.text
    }
    return result
  }
}
