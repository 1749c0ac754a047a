internal import ModelGraph

/// The variables that hold activations: each is free again once its last reader has run, so that a chain of layers
/// is `x = ...` line by line, and no more is in memory than has to be.
struct Variables {
  private var names: [Int: String] = [:]
  private var taken: Set<String> = []
  private let lastReader: [Int]

  /// The variable of the input.
  static let input = "x"

  init(_ graph: Graph) {
    lastReader = graph.nodes.indices.map { index in
      index == graph.output ? graph.nodes.count : graph.consumers[index].last ?? index
    }
  }

  /// The variable that holds the activation of a node.
  subscript(node: Int) -> String { names[node] ?? Self.input }

  /// Finds a variable for what `node` yields: the first of those that are free once its inputs have been read.
  mutating func assign(_ node: Int, reading inputs: [Int]) -> String {
    taken.subtract(inputs.filter { lastReader[$0] <= node }.compactMap { names[$0] })
    let name = Self.all.first { !taken.contains($0) } ?? Self.input
    taken.insert(name)
    names[node] = name
    return name
  }

  private static var all: some Sequence<String> {
    let letters = ["x", "y", "z", "u", "v", "w"]
    return (0...).lazy.map { number in
      let letter = letters[number % letters.count]
      return number < letters.count ? letter : "\(letter)\(number / letters.count)"
    }
  }
}
