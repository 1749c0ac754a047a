internal import Formats
internal import ModelGraph
internal import Patterns
internal import Search
internal import TerminalKit

/// The beginning of both ways of running: the structure of the model, the settings.
struct Start {
  let file: ModelFile
  let settings: SearchSettings
  let recording: Recording
  let fineTuning: FineTuneSettings
  let look: Look
  let state: ExplorerState

  init(_ file: ModelFile, _ options: ExplorerOptions, _ look: Look) {
    self.file = file
    self.look = look
    var settings = SearchSettings()
    settings.target = options.target
    settings.seed = options.seed
    settings.engine = options.engine
    settings.images = options.images
    settings.stepsPerEpisode = options.steps
    self.settings = settings
    let newRun = Self.newRun(of: file)
    recording =
      options.resume.map {
        options.follows ? .follow(path: $0) : Self.recording(ofStored: $0, options)
      }
      ?? (options.isReadOnly ? .none : .new(path: newRun))
    fineTuning = FineTuneSettings(
      run: options.resume ?? newRun, recipe: options.recipe, train: options.train,
      seed: options.seed)
    var model = ModelState(
      name: file.model.name, fileName: Self.fileName(of: file.path),
      space: PruningSpace(
        file.model.graph, library: options.library, engine: options.engine,
        sharing: options.sharing))
    model.show(imagesOf: file)
    var state = ExplorerState(
      model, settings: settings,
      screen: ScreenState(
        glyphs: look.glyphs, themes: look.catalog.names, preferences: look.preferences),
      isReadOnly: options.isReadOnly)
    // Nothing may be changed while it is read, either.
    if case .follow(let path) = recording { state.run.writer = RunWriter(ofRun: path) }
    if let reading = try? ModelReading(file, source: file.data[.validation]), reading.isAssumed {
      state.say(reading.description)
    }
    if let problem = look.problem { state.say(problem, .failure) }
    self.state = state
  }

  /// The model, judged by the images that a stored run rests on.
  ///
  /// - Parameter choice: what was chosen in that run in place of what the model says.
  static func file(
    _ file: ModelFile, ofRun path: String, but choice: DataChoice, _ options: ExplorerOptions
  ) throws(FormatError) -> ModelFile {
    if options.namesImages, path == options.resume { return file }
    let chosen = DataChoice.splits.filter { choice[$0] != nil }
    return try RunImages(ofRun: path)?
      .applied(to: file, but: chosen, keepsInput: choice.input != nil) ?? file
  }

  /// A stored run is gone on with, unless nothing may be changed.
  static func recording(ofStored path: String, _ options: ExplorerOptions) -> Recording {
    options.isReadOnly ? .show(path: path) : .resume(path: path)
  }

  /// A path for a new run of a model.
  static func newRun(of file: ModelFile) -> String {
    RunFolder().newPath(model: fileName(of: file.path))
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
