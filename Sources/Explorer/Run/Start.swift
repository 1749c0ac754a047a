internal import Engine
internal import Formats
internal import ModelGraph
internal import Patterns
internal import Search
internal import TerminalKit

/// What both ways of running begin with: the structure of the model, the settings, the theme.
struct Start {
  let file: ModelFile
  let settings: SearchSettings
  let recording: SearchWorker.Recording
  let fineTuning: FineTuneSettings
  let catalog: ThemeCatalog
  let theme: Theme
  /// Where preferences are kept; nil if they are not.
  let preferences: PreferencesFile?
  let state: ExplorerState

  init(_ options: ExplorerOptions) throws {
    file = options.file
    var settings = SearchSettings()
    settings.target = options.target
    settings.seed = options.seed
    settings.engine = options.engine
    settings.images = options.images
    settings.stepsPerEpisode = options.steps
    self.settings = settings
    let run = options.resume ?? RunFolder().newPath(model: Self.fileName(of: file.path))
    recording =
      options.resume != nil
      ? .resume(path: run) : options.isReadOnly ? .none : .new(path: run)
    fineTuning = FineTuneSettings(
      run: run, recipe: options.recipe, train: options.train, seed: options.seed)
    catalog = ThemeCatalog(
      application: "sculpt", executable: options.executable, environment: options.environment)
    let kept = PreferencesFile(environment: options.environment)
    var preferences = Preferences()
    var problem: String?
    do throws(FormatError) { preferences = try kept.read() } catch { problem = "\(error)" }
    self.preferences = problem == nil ? kept : nil
    if let theme = options.theme {
      self.theme = try catalog.theme(named: theme)
      preferences.theme = theme
    } else if let theme = try? catalog.theme(named: preferences.theme) {
      self.theme = theme
    } else {
      problem = problem ?? "there is no theme \(preferences.theme) any more; t chooses one"
      theme = .default
      preferences.theme = theme.name
    }
    var state = ExplorerState(
      modelName: file.model.name, fileName: Self.fileName(of: file.path),
      space: PruningSpace(file.model.graph, engine: options.engine), settings: settings,
      glyphs: options.isASCII ? .ascii : GlyphSet.detect(environment: options.environment),
      isReadOnly: options.isReadOnly, preferences: preferences, themes: catalog.names)
    if let problem { state.notice = Notice(problem, .failure) }
    self.state = state
  }

  /// The file's name without its extension; the folder's where that says no more than `model`.
  static func fileName(of path: String) -> String {
    let parts = path.split(separator: "/").map(String.init)
    guard let last = parts.last else { return "model" }
    let name =
      [".json", ".onnx"].contains(where: last.hasSuffix) ? String(last.dropLast(5)) : last
    if name == "model", parts.count > 1, ![".", ".."].contains(parts[parts.count - 2]) {
      return parts[parts.count - 2]
    }
    return name
  }
}
