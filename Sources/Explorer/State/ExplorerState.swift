internal import Patterns
package import Search

/// Everything that the screen shows: the model, a run of the search, and the screen itself.
package struct ExplorerState: Sendable {
  /// The model, and what was learned of it.
  package var model: ModelState
  /// The run of the search.
  package var run: RunState
  /// The list of layers.
  package var layers: LayerList
  /// The look of the screen.
  package var screen: ScreenState
  /// The dialog over the panes, if one is open.
  package var overlay: Overlay?
  /// The time since the program began, as whoever runs it says before each message.
  package var now = Duration.zero
  /// Whether nothing may be changed.
  package let isReadOnly: Bool

  /// A model of which nothing but its structure is known.
  package init(
    _ model: ModelState, settings: SearchSettings, screen: ScreenState = ScreenState(),
    isReadOnly: Bool = false
  ) {
    self.model = model
    self.screen = screen
    self.isReadOnly = isReadOnly
    run = RunState(settings, dense: model.dense)
    layers = LayerList(model)
  }

  /// Tells the user something; all but refusals are kept in the log.
  mutating func say(_ text: String, _ kind: Notice.Kind = .done) {
    let notice = Notice(text, kind)
    guard notice != screen.notice else { return }
    screen.notice = notice
    if kind != .refusal { run.record(notice) }
  }

  /// The units of the selected row.
  package var selectedUnits: [Int] { layers.selectedRow.map(model.units(of:)) ?? [] }

  /// The node of the selected row; nil on the name of a group.
  package var selectedNode: Int? { layers.selectedRow.flatMap(model.node(of:)) }
}
