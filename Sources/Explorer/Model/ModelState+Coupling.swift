internal import ModelGraph
internal import Patterns

/// What a choice of a layer's channels is about besides that layer.
struct Coupling: Hashable {
  /// The layers whose channels go or stay with it.
  let together: [Int]
  /// The layers that lose as many inputs.
  let readers: [Int]
}

extension ModelState {
  /// What a choice of the channels that a node makes is about besides it; nil if none of them can go.
  func coupling(of node: Int) -> Coupling? {
    let groups = space.groups.groups(inNode: node).map { space.groups.groups[$0] }
      .filter { $0.producers.contains(node) }
    guard !groups.isEmpty else { return nil }
    return Coupling(
      together: Set(groups.flatMap(\.producers)).subtracting([node]).sorted(),
      readers: Set(groups.flatMap(\.consumers)).sorted())
  }

  /// As in `; with stem, layer1.conv2, whose channels are the same`; empty for units that are about one layer.
  func consequence(ofPinning units: [Int]) -> String {
    guard units.count <= 2 else { return "" }
    let others = units.flatMap { unit -> [Int] in
      guard case .channels(let group) = space.units[unit].target else { return [] }
      return space.groups.groups[group].producers
    }
    let names = Set(others).sorted().map { space.graph.nodes[$0].name }
    guard names.count > 1 else { return "" }
    return "; one choice of channels for " + names.joined(separator: ", ")
  }
}
