package import TerminalKit

/// The look of the screen: its size, characters and preferences, and the line about what happened last.
package struct ScreenState: Sendable {
  /// Which characters are drawn.
  package let glyphs: GlyphSet
  /// The themes there are.
  package let themes: [String]
  /// The settings that are kept for the next time.
  package var preferences: Preferences
  /// The size.
  package var size = Size(width: 80, height: 24)
  /// The line about what happened last.
  package var notice: Notice?
  /// The first line of each pane that is scrolled, from 0.
  package var scroll: [Pane: Int] = [:]
  /// Whether the graph shows what differs from the reference.
  package var isComparing = false

  /// A screen that has nothing to say yet.
  package init(
    glyphs: GlyphSet = .braille, themes: [String] = ["default"],
    preferences: Preferences = Preferences()
  ) {
    self.glyphs = glyphs
    self.themes = themes
    self.preferences = preferences
  }

  /// The pane that has the keyboard.
  package var focus: Pane {
    get { preferences.focus }
    set { preferences.focus = newValue }
  }

  /// Whether that pane fills the screen.
  package var isZoomed: Bool {
    get { preferences.isZoomed }
    set { preferences.isZoomed = newValue }
  }

  /// Gives the keyboard to the next pane; to the one before with -1.
  mutating func turnPane(by step: Int) {
    let panes = Pane.allCases
    let place = panes.firstIndex(of: focus) ?? 0
    focus = panes[(place + step + panes.count) % panes.count]
  }

  /// Rows of the list of layers that are on screen.
  var layerRows: Int { max(1, ScreenLayout(self).panes[.layers]?.height ?? 1) }
}
