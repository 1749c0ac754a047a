internal import ModelGraph
package import Patterns
package import Search
package import TerminalKit

/// Everything that the screen shows, as a value.
package struct ExplorerState: Sendable {
  // MARK: The model

  /// The model's name.
  package let modelName: String
  /// What its file is called without folder and extension, for file names.
  package let fileName: String
  /// What can be decided.
  package let space: PruningSpace
  /// The graph as rows.
  package let outline: Outline
  /// Nothing pruned, which is compared with until something else is.
  package let dense: Strategy
  /// How the search is run.
  package var settings: SearchSettings
  /// Whether nothing may be changed.
  package let isReadOnly: Bool
  /// Which characters are drawn.
  package let glyphs: GlyphSet
  /// The themes there are.
  package let themes: [String]

  // MARK: What the worker has told

  /// How far loading has come.
  package var loading = Loading.underWay
  /// SHA-256 of the model's files.
  package var digest: String?
  /// Validation images in all.
  package var imageCount = 0
  /// What the weights say.
  package var analysis: ModelAnalysis?
  /// How far each choice moves the logits, once that was measured.
  package var sensitivity: Sensitivity?
  /// Choices measured for it so far, and how many there are, while that is under way.
  package var analysing: (done: Int, of: Int)?
  /// What each choice does to the time of an image, once that was measured.
  package var latencies: LatencyTable?
  /// Choices timed so far, and how many there are, while that is under way.
  package var timing: (done: Int, of: Int)?
  /// Why choices cannot be timed, if so.
  package var timingFailure: String?
  /// Stored runs of this model with at least an episode, newest first.
  package var storedRuns: [RunFolder.Summary] = []
  /// The dense model, as far as it has been measured.
  package var baseline: Measurement?
  /// Whether the dense model has been measured on every image.
  package var isBaselineFinal = false
  /// Correct answers of the dense model on the first images, by their number.
  package var baselineByImages: [Int: Int] = [:]
  /// Whether a search is under way.
  package var isSearching = false
  /// Why the worker gave up, if it did.
  package var failure: String?
  /// Finished episodes.
  package var episodes: [Episode] = []
  /// Steps of the episode under way.
  package var steps: [SearchStep] = []
  /// Episodes whose reward beat all before them, ascending.
  package var records: [Int] = []
  /// What no other step beats.
  package var front: ParetoFront
  /// The price of an excess over the budget.
  package var multiplier = 1.0
  /// What was measured of strategies that the user made or asked about.
  package var measurements: [[Pattern]: Measurement] = [:]
  /// The strategy being measured for the user.
  package var measuring: [Pattern]?
  /// The fine-tuning under way.
  package var fineTuning: FineTuneProgress?
  /// What fine-tuning came to, by the choices.
  package var fineTuned: [[Pattern]: FineTuned] = [:]
  /// The masks of strategies shown lately.
  package var masks: [[Pattern]: MaskSummary] = [:]

  // MARK: What the user does

  /// The latest step's strategy with the user's edits since; its pins are those that hold.
  package var live: Strategy
  /// Which strategy is shown.
  package var viewing = Viewing.live
  /// What it is compared with; nil for the dense model.
  package var chosenReference: Reference?
  /// Whether the graph shows what differs from that.
  package var isComparing = false
  /// What was done and what happened, latest last.
  package var log: [LogEntry] = []
  /// Edits that can be undone, latest last.
  package var edits: [Edit] = []
  /// Edits that were undone, latest last.
  package var undone: [Edit] = []
  /// Whether there are edits that no export holds.
  package var hasUnexportedEdits = false
  /// The selected row of the graph.
  package var selection = 0
  /// The first row shown.
  package var scroll = 0
  /// Groups that are folded, by their prefix.
  package var folded: Set<String> = []
  /// The rows as folded; kept in step by `foldRows()`.
  package private(set) var graphRows: GraphRows
  /// How many episodes the curves show; nil for all.
  package var plotSpan: Int?
  /// What lies over the panes.
  package var overlay: Overlay?
  /// What is searched for in the layers' names; empty for nothing.
  package var filter = ""
  /// What happened last, for the status line.
  package var notice: Notice? {
    didSet {
      guard let notice, notice != oldValue, notice.kind != .refusal else { return }
      record(notice)
    }
  }
  /// What is kept for the next time.
  package var preferences: Preferences
  /// The size of the screen.
  package var size = Size(width: 80, height: 24)

  /// A model of which nothing but its structure is known.
  package init(
    modelName: String, fileName: String, space: PruningSpace, settings: SearchSettings,
    glyphs: GlyphSet = .braille, isReadOnly: Bool = false,
    preferences: Preferences = Preferences(), themes: [String] = ["default"]
  ) {
    self.modelName = modelName
    self.fileName = fileName
    self.space = space
    self.settings = settings
    self.glyphs = glyphs
    self.isReadOnly = isReadOnly
    self.preferences = preferences
    self.themes = themes
    outline = Outline(space.graph)
    dense = Strategy(denseFor: space)
    live = dense
    front = ParetoFront(of: settings.target.resource)
    graphRows = GraphRows(outline, of: space.graph, folded: [])
    selection = graphRows.rows.firstIndex { selectedUnits(in: $0).isEmpty == false } ?? 0
  }

  /// What the strategy shown is compared with.
  package var reference: Reference { chosenReference ?? denseReference }

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

  /// Brings the rows up to date after a change of `folded`.
  package mutating func foldRows() {
    graphRows = GraphRows(outline, of: space.graph, folded: folded)
    selection = min(max(selection, 0), max(0, graphRows.rows.count - 1))
  }
}
