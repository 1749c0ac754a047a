/// Union-find with path halving; the root of a set is its least element.
struct DisjointSets {
  private var parent: [Int] = []

  /// Adds a set of one element, which is returned.
  mutating func add() -> Int {
    parent.append(parent.count)
    return parent.count - 1
  }

  mutating func root(of element: Int) -> Int {
    var element = element
    while parent[element] != element {
      parent[element] = parent[parent[element]]
      element = parent[element]
    }
    return element
  }

  mutating func union(_ first: Int, _ second: Int) {
    let (a, b) = (root(of: first), root(of: second))
    parent[max(a, b)] = min(a, b)
  }
}
