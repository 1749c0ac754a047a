/// Where text stands in a row that is wider than it.
public enum Alignment: Hashable, Sendable {
  /// At the left.
  case leading
  /// In the middle.
  case centre
  /// At the right.
  case trailing

  package func offset(of width: Int, in room: Int) -> Int {
    switch self {
    case .leading: 0
    case .centre: max(0, (room - width) / 2)
    case .trailing: max(0, room - width)
    }
  }
}
