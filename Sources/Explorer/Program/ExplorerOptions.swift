public import Engine
public import Formats
public import Patterns

/// The options of the command line.
public struct ExplorerOptions {
  /// The model's structure, its weights are read while the screen is up; nil to let the user choose.
  public var file: ModelFile?
  /// Reads a model's structure; throws what is wrong in one line.
  public var open: (String) throws -> ModelFile
  /// Whether the command line says which images are taken, or how: a run that is gone on with is judged by those then.
  public var namesImages = false
  /// The target of the search.
  public var target = Target(0.5)
  /// The engine that is to run the result.
  public var engine: TargetEngine = .native
  /// The patterns to choose from.
  public var library: PatternLibrary = .standard
  /// The filters that have one mask.
  public var sharing: MaskSharing = .standard
  /// Of everything random.
  public var seed: UInt64 = 0
  /// Threads that evaluate; nil for one a processor.
  public var threads: Int?
  /// The memory that the search may take.
  public var memory = MemoryBudget.standard
  /// Steps of an episode.
  public var steps = 4
  /// Validation images that judge a step.
  public var images = 1000
  /// The stored run to go on with.
  public var resume: String?
  /// Whether that is only shown, with what another program adds to it.
  public var follows = false
  /// The recipe of the dense model; nil for `recipe.json` beside it.
  public var recipe: String?
  /// Images to fine-tune on in place of the recipe's.
  public var train: DataSource?
  /// The name of the theme; nil for the one of the last time.
  public var theme: String?
  /// Whether nothing may be changed.
  public var isReadOnly = false
  /// Whether only ASCII is drawn.
  public var isASCII = false
  /// The environment.
  public var environment: [String: String]
  /// The path of the program, near which themes are looked for.
  public var executable: String

  /// A model, or one that the user is to choose, with everything else as usual.
  public init(
    file: ModelFile?, environment: [String: String], executable: String,
    open: @escaping (String) throws -> ModelFile
  ) {
    self.file = file
    self.open = open
    self.environment = environment
    self.executable = executable
  }
}
