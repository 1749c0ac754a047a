internal import Patterns

extension ExplorerState {
  /// Offers to pin the selected layer, the blocks around it, all that has its pattern, everything.
  mutating func openPinChooser() {
    guard let row = layers.selectedRow else { return }
    var items: [Chooser.Item] = []
    func add(_ label: String, _ units: [Int]) {
      guard !units.isEmpty else { return }
      let pinned = units.count { run.live.pins[$0] }
      let isPinned = pinned == units.count
      items.append(
        Chooser.Item(
          label: "\(isPinned ? "unpin" : "pin") \(label)", note: "\(pinned)/\(units.count) ⚑",
          action: .pin(units, isPinned: !isPinned, name: label)))
    }
    switch row {
    case .layer: add(model.name(of: row), model.units(of: row))
    case .siblings: add(model.name(of: row), model.units(within: row))
    case .group: break
    }
    for group in model.outline.groups(around: row).reversed().map({ model.outline.groups[$0] }) {
      add("the block \(group.prefix)", model.units(within: group.heads))
    }
    let space = model.space
    let choices = run.shown.choices
    var patterns: [Pattern] = []
    for unit in model.units(of: row) where !patterns.contains(choices[unit]) {
      let (pattern, kind) = (choices[unit], space.units[unit].kind)
      patterns.append(pattern)
      add(
        "all \(kind) with \(pattern.name)",
        space.units.indices.filter { choices[$0] == pattern && space.units[$0].kind == kind })
    }
    add("everything", Array(space.units.indices))
    let pinned = run.live.pins.indices.filter { run.live.pins[$0] }
    if !pinned.isEmpty, pinned.count < space.units.count {
      items.append(
        Chooser.Item(
          label: "unpin whatever is pinned", note: "\(pinned.count) ⚑",
          action: .pin(pinned, isPinned: false, name: "whatever was pinned")))
    }
    overlay = .chooser(Chooser(title: "─ Pin as shown ", items: items))
  }
}
