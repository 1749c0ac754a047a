public import Formats

extension Recipe {
  /// The format that the file names.
  static let format = "sculpt-recipe"
  /// The version of the format.
  static let version = 1

  /// Reads a recipe; its paths start from the folder it is in.
  /// - Throws: `FormatError`, which names the key at fault.
  public static func read(at path: String) throws(FormatError) -> Recipe {
    try Recipe(json: FileBytes.read(path, limit: 1 << 20), path: path)
  }

  /// Writes the recipe as a whole or not at all; paths inside the file's folder become relative to it.
  /// - Throws: `FormatError` if a value is out of its range, the file cannot be written, or it exists
  ///   and may not be replaced.
  public func write(to path: String, replacing: Bool = false) throws(FormatError) {
    if let fault {
      throw FormatError(path, "the recipe: \(fault)", remedy: "correct it before writing")
    }
    let folder = Path.folder(of: path)
    var moved = self
    moved.model = Path.reference(to: modelPath, from: folder)
    moved.train = trainSource.mappingPaths { Path.reference(to: $0, from: folder) }
    try AtomicFile.write(data: Array(moved.json.utf8), to: path, replacing: replacing)
  }

  /// Decodes a recipe; `path` is for messages and relative paths.
  init(json: [UInt8], path: String) throws(FormatError) {
    var top = try ObjectReader(
      JSONParser.parse(json[...], file: path), file: path, place: "the recipe")
    try Self.checkVersion(&top)
    let model = try top.string("model")
    let (train, holdout) = try Self.data(&top)
    self.init(model: model, train: train, holdout: holdout, folder: Path.folder(of: path))
    seed = try Self.seed(&top, default: seed)
    epochs = try top.integer("epochs")
    batch = try top.integer("batch", default: batch)
    if var reader = try top.object("optimizer", place: "the optimizer") {
      optimizer = try OptimizerSettings(&reader)
    }
    learningRate = try top.float("learning_rate")
    weightDecay = try top.float("weight_decay", default: weightDecay)
    if var reader = try top.object("schedule", place: "the schedule") {
      schedule = try LearningRateSchedule(&reader)
    }
    clipNorm = try top.optionalFloat("clip_norm")
    labelSmoothing = try top.float("label_smoothing", default: labelSmoothing)
    averageDecay = try top.optionalFloat("ema")
    if var reader = try top.object("augmentation", place: "the augmentation") {
      augmentation = try Augmentation(&reader)
    }
    try top.finish()
    if let fault { throw top.error(fault) }
  }

  private static func checkVersion(_ top: inout ObjectReader) throws(FormatError) {
    let found = try top.string("format")
    guard found == format else {
      throw top.error(
        "its format is \(found.quoted), not '\(format)'", remedy: "name a recipe of Sculpt")
    }
    let number = try top.integer("version")
    guard number == version else {
      throw top.error(
        "its format has version \(number), this program reads version \(version)",
        remedy: number > version ? "update the program" : "write the recipe anew")
    }
  }

  private static func data(
    _ top: inout ObjectReader
  ) throws(FormatError) -> (DataSource, holdout: Int) {
    guard var reader = try top.object("data", place: "the data") else {
      throw top.error("'data' is missing", remedy: "add it to the file")
    }
    guard var source = try reader.object("train", place: "the train data") else {
      throw reader.error("'train' is missing", remedy: "add it to the file")
    }
    let train = try DataSource(&source)
    let holdout = try reader.integer("holdout")
    try reader.finish()
    return (train, holdout)
  }

  /// Seeds use all 64 bits, of which `Int` holds half of the values.
  private static func seed(
    _ top: inout ObjectReader, default fallback: UInt64
  ) throws(FormatError) -> UInt64 {
    switch top.optional("seed") {
    case nil: return fallback
    case .number(let text):
      if let seed = UInt64(text) { return seed }
      fallthrough
    default: throw top.error("'seed' must be a whole number from 0 to \(UInt64.max)")
    }
  }
}
