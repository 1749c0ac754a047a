internal import ModelGraph
internal import Patterns
internal import TerminalKit

/// The list of layers: its folded groups, the selected row, the rows on screen, the name that is searched for.
package struct LayerList: Sendable {
  /// Groups that are folded, by their prefix.
  package private(set) var folded: Set<String> = []
  /// The rows as folded.
  package private(set) var graphRows: GraphRows
  /// The selected row.
  package var selection = 0
  /// The first row on screen.
  package private(set) var scroll = 0
  /// The part of a name that is searched for; empty for nothing.
  package var filter = ""

  /// Every row of a model, nothing folded, the first layer with a choice selected.
  package init(_ model: ModelState) {
    graphRows = GraphRows(model.outline, of: model.space.graph, folded: [])
    selection = rows.firstIndex { !model.units(of: $0).isEmpty } ?? 0
  }

  /// The rows, from top to bottom.
  package var rows: [Outline.Row] { graphRows.rows }

  /// The selected row.
  package var selectedRow: Outline.Row? {
    rows.indices.contains(selection) ? rows[selection] : nil
  }

  /// Moves the selection down; up if `count` is negative.
  mutating func move(by count: Int) {
    let last = max(0, rows.count - 1)
    selection = min(max(0, selection + min(max(count, -last), last)), last)
  }

  /// Scrolls as little as possible so that the selection is among the rows on screen.
  mutating func keepSelectionVisible(among visible: Int) {
    scroll = ListScroll.offset(
      scroll, selected: selection, count: rows.count, visible: visible, margin: 2)
  }

  // MARK: Groups

  /// Folds or opens the selected group, or the one around the selected layer.
  mutating func toggleFold(in model: ModelState) {
    guard let row = selectedRow else { return }
    let groups: [Int]
    switch row {
    case .group(let group, _): groups = [group]
    case .siblings(let all): groups = all
    case .layer(let head):
      guard let found = model.outline.groups(around: head).last else { return }
      groups = [found]
    }
    for group in groups {
      let prefix = model.outline.groups[group].prefix
      if folded.remove(prefix) == nil { folded.insert(prefix) }
    }
    foldRows(of: model)
    selection =
      rows.firstIndex { row in
        switch row {
        case .group(let group, _): group == groups[0]
        case .siblings(let all): all.contains(groups[0])
        case .layer: false
        }
      } ?? selection
  }

  /// Folds the groups of those names, and opens all others.
  mutating func fold(_ names: Set<String>, in model: ModelState) {
    let row = selectedRow
    folded = names.intersection(model.outline.groups.map(\.prefix))
    foldRows(of: model)
    if let row, let place = rows.firstIndex(of: row) { selection = place }
  }

  /// Goes into a group: opens a folded one, otherwise to the next row.
  mutating func moveInwards(in model: ModelState) {
    switch selectedRow {
    case .group(_, isFolded: true), .siblings: toggleFold(in: model)
    case .group, .layer: move(by: 1)
    case nil: break
    }
  }

  /// Goes out of a group: from a layer to its name, there it is folded.
  mutating func moveOutwards(in model: ModelState) {
    switch selectedRow {
    case .group(_, isFolded: false): toggleFold(in: model)
    case .layer(let head):
      guard let group = model.outline.groups(around: head).last else { return }
      selection = rows.firstIndex(of: .group(group, isFolded: false)) ?? selection
    case .group, .siblings, nil: break
    }
  }

  private mutating func foldRows(of model: ModelState) {
    graphRows = GraphRows(model.outline, of: model.space.graph, folded: folded)
    move(by: 0)
  }

  // MARK: Searching

  /// Whether a row's name holds what is searched for.
  package func matches(_ row: Outline.Row, in model: ModelState) -> Bool {
    guard !filter.isEmpty else { return true }
    return model.name(of: row).lowercased().contains(filter.lowercased())
  }

  /// Selects the next layer whose name matches, around the end; -1 goes upwards.
  ///
  /// - Returns: false if there is none.
  mutating func selectMatch(by step: Int, in model: ModelState) -> Bool {
    guard !filter.isEmpty, !rows.isEmpty else { return true }
    openMatches(in: model)
    for distance in 1...rows.count {
      let place = ((selection + step * distance) % rows.count + rows.count) % rows.count
      if case .layer = rows[place], matches(rows[place], in: model) {
        selection = place
        return true
      }
    }
    return false
  }

  /// Opens folded groups that hold a match.
  private mutating func openMatches(in model: ModelState) {
    let hiding = model.outline.groups.filter { group in
      folded.contains(group.prefix)
        && group.heads.contains { matches(.layer($0), in: model) }
    }
    guard !hiding.isEmpty else { return }
    let row = selectedRow
    folded.subtract(hiding.map(\.prefix))
    foldRows(of: model)
    if let row, let place = rows.firstIndex(of: row) { selection = place }
  }
}
