internal import Patterns
internal import Search
internal import TerminalKit

extension ExplorerState {
  // MARK: What there is to choose from

  /// The selected layer, the blocks around it, all that has its pattern, everything.
  mutating func openPinChooser() {
    guard let row = selectedRow else { return }
    var items: [Chooser.Item] = []
    func add(_ label: String, _ units: [Int]) {
      guard !units.isEmpty else { return }
      let pinned = units.count { live.pins[$0] }
      let isPinned = pinned == units.count
      items.append(
        Chooser.Item(
          label: "\(isPinned ? "unpin" : "pin") \(label)", note: "\(pinned)/\(units.count) ⚑",
          action: .pin(units, isPinned: !isPinned, name: label)))
    }
    var around: [Int] = []
    switch row {
    case .layer(let head):
      add(name(of: row), selectedUnits)
      around = outline.groups(around: head)
    case .group, .siblings:
      let heads = outline.heads(of: row)
      if case .siblings = row { add(name(of: row), units(within: heads)) }
      around = outline.groups(around: heads.lowerBound).filter {
        outline.groups[$0].heads.upperBound >= heads.upperBound
      }
    }
    for group in around.reversed() {
      add("the block \(outline.groups[group].prefix)", units(within: outline.groups[group].heads))
    }
    var patterns: [Pattern] = []
    for unit in selectedUnits where !patterns.contains(shown.choices[unit]) {
      let (pattern, kind) = (shown.choices[unit], space.units[unit].kind)
      patterns.append(pattern)
      add(
        "all \(kind) with \(pattern.name)",
        space.units.indices.filter {
          shown.choices[$0] == pattern && space.units[$0].kind == kind
        })
    }
    add("everything", Array(space.units.indices))
    let pinned = live.pins.indices.filter { live.pins[$0] }
    if !pinned.isEmpty, pinned.count < space.units.count {
      items.append(
        Chooser.Item(
          label: "unpin whatever is pinned", note: "\(pinned.count) ⚑",
          action: .pin(pinned, isPinned: false, name: "whatever was pinned")))
    }
    overlay = .chooser(Chooser(title: "─ Pin as shown ", items: items))
  }

  mutating func openThemeChooser() {
    let items = themes.map {
      Chooser.Item(label: $0, note: $0 == preferences.theme ? "now" : "", action: .theme($0))
    }
    overlay = .chooser(
      Chooser(
        title: "─ Theme ", items: items, selected: themes.firstIndex(of: preferences.theme) ?? 0,
        onCancel: .theme(preferences.theme)))
  }

  mutating func openRunChooser() {
    let items = storedRuns.map {
      Chooser.Item(
        label: $0.moment,
        note: $0.length, action: .resume($0.path))
    }
    overlay = .chooser(Chooser(title: "─ Go on with a run of this model ", items: items))
  }

  // MARK: Keys

  mutating func press(_ key: Key, in chooser: Chooser) -> [Effect] {
    var chooser = chooser
    switch key {
    case .escape, .character("q"), .control("c"):
      overlay = nil
      return chooser.onCancel.map { preview($0) } ?? []
    case .enter, .character(" "):
      overlay = nil
      guard chooser.items.indices.contains(chooser.selected) else { return [] }
      return choose(chooser.items[chooser.selected].action)
    default:
      let before = chooser.selected
      // The key that opened the themes goes through them.
      let key = chooser.isPreviewing && key == .character("t") ? .down : key
      chooser.selected = ListKeys.move(chooser.selected, by: key, count: chooser.items.count)
      overlay = .chooser(chooser)
      guard chooser.isPreviewing, chooser.selected != before else { return [] }
      return preview(chooser.items[chooser.selected].action)
    }
  }

  /// Shows what choosing would do, if it can be shown.
  private func preview(_ action: Chooser.Action) -> [Effect] {
    if case .theme(let name) = action { [.theme(name)] } else { [] }
  }

  private mutating func choose(_ action: Chooser.Action) -> [Effect] {
    switch action {
    case .pin(let units, let isPinned, let name): return pin(units, isPinned, name: name)
    case .theme(let name):
      preferences.theme = name
      notice = Notice("theme \(name)")
      return [.theme(name)]
    case .resume(let path): return resume(path)
    }
  }

  /// Forgets the present run, which stays on disk, and asks for another.
  private mutating func resume(_ path: String) -> [Effect] {
    episodes = []
    steps = []
    records = []
    front = ParetoFront(of: settings.target.resource)
    fineTuned = [:]
    edits = []
    undone = []
    hasUnexportedEdits = false
    chosenReference = nil
    plotSpan = nil
    viewing = .live
    live = dense
    measuring = nil
    loading = .underWay
    failure = nil
    notice = Notice("going on with \(path)")
    return [.resume(path)]
  }

  mutating func press(_ key: Key, in prompt: Prompt) -> [Effect] {
    var prompt = prompt
    switch key {
    case .escape, .control("c"):
      overlay = nil
      return []
    case .enter: return finish(prompt)
    case .tab: prompt.turn()
    default: _ = prompt.field.handle(key)
    }
    overlay = .prompt(prompt)
    return []
  }

  private mutating func finish(_ prompt: Prompt) -> [Effect] {
    let isEmpty = prompt.field.text.allSatisfy { $0 == " " }
    let number = prompt.number
    switch prompt.kind {
    case .target(let resource, _):
      guard let number else {
        notice = Notice("“\(prompt.field.text)” is no share: \(prompt.placeholder)", .refusal)
        return []
      }
      overlay = nil
      let target = Target(number, of: resource)
      guard target != settings.target else { return [] }
      aim(at: target)
      notice = Notice("the search aims at \(Numbers.target(target)) from now on")
    case .multiplier:
      guard number != nil || isEmpty else {
        notice = Notice(
          "“\(prompt.field.text)” is no weight: above 0, at most "
            + Numbers.decimal(SearchSettings.mostMultiplier, places: 0), .refusal)
        return []
      }
      overlay = nil
      guard number != settings.multiplier else { return [] }
      settings.multiplier = number
      if let number { multiplier = number }
      notice = Notice(
        number.map { "an excess weighs \(Numbers.decimal($0, places: 2)) from now on" }
          ?? "the weight of an excess follows the episodes again")
    }
    steps = []
    return [.steer(target: settings.target, multiplier: settings.multiplier)]
  }

  /// Takes a target; what no other step beats is in what that is of.
  mutating func aim(at target: Target) {
    settings.target = target
    if target.resource != front.resource { gatherFront() }
  }

  /// Finds what no other step beats among all.
  mutating func gatherFront() {
    front = ParetoFront(
      of: settings.target.resource, among: episodes.flatMap(\.steps) + steps)
  }

  /// Compares with what is shown from now on; with nothing pruned if it was so already.
  mutating func chooseReference() {
    let isChosen = chosenReference?.strategy.choices == shown.choices
    chosenReference = isChosen ? nil : shownReference
    isComparing = true
    notice = Notice("compared with \(reference.name) from now on")
  }
}
