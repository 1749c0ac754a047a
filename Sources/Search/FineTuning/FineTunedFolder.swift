internal import Formats
internal import Foundation
package import Patterns
internal import Training

/// The files of one fine-tuning: a folder beside the run, named after it.
///
/// The name holds a digest of everything that has an influence, so that the same strategy comes back to its
/// checkpoint, and another recipe starts anew.
struct FineTunedFolder {
  /// The folder; it need not exist.
  let path: String

  /// The trained model and its checkpoint.
  var files: TrainedFiles { TrainedFiles(in: path) }
  /// The result; written last.
  private var result: String { path + "/result.json" }

  /// Between the name of a run and the digest.
  private static let infix = "-finetuned-"

  /// The folder for a strategy of the workbench's model.
  ///
  /// - Parameters:
  ///   - run: the path of the run.
  ///   - recipe: what it is trained by.
  init(besideRun run: String, _ strategy: Strategy, of workbench: Workbench, by recipe: Recipe) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let choices = (try? encoder.encode(strategy.choices)) ?? Data()
    let digest = SHA256.hexDigest(
      of: [Array((workbench.file.digest ?? "").utf8), Array(recipe.json.utf8), [UInt8](choices)])
    path = Self.stem(ofRun: run) + Self.infix + (digest ?? "unknown").prefix(12)
  }

  private init(path: String) { self.path = path }

  /// Everything but the extension.
  private static func stem(ofRun run: String) -> String {
    run.hasSuffix(".sqlite") ? String(run.dropLast(7)) : run
  }

  /// The result of the training, if it was finished, and is of the workbench's model.
  func result(for workbench: Workbench) -> FineTuned? {
    stored.flatMap { workbench.space.fits($0.strategy) ? $0 : nil }
  }

  private var stored: FineTuned? {
    guard let bytes = try? FileBytes.read(result, limit: 1 << 26),
      var found = try? JSONDecoder().decode(FineTuned.self, from: Data(bytes)),
      FileBytes.exists(files.model)
    else { return nil }
    found.folder = path
    return found
  }

  /// Keeps what the training came to, and lets the checkpoint go, which is many times as large.
  func write(_ finished: FineTuned) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(data: [UInt8](encoder.encode(finished)), to: result)
    try? FileManager.default.removeItem(atPath: files.checkpoint)
  }

  /// The results that were finished beside a run.
  static func results(ofRun run: String) -> [FineTuned] {
    paths(ofRun: run).compactMap { FineTunedFolder(path: $0).stored }
  }

  /// Those that are of the workbench's model.
  static func results(ofRun run: String, for workbench: Workbench) -> [FineTuned] {
    results(ofRun: run).filter { workbench.space.fits($0.strategy) }
  }

  /// The folders beside a run, by name.
  static func paths(ofRun run: String) -> [String] {
    let stem = stem(ofRun: run)
    let folder = Path.folder(of: stem)
    let prefix = stem.split(separator: "/").last.map { $0 + infix } ?? infix
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(prefix) }.sorted().map { Path.resolve($0, against: folder) }
  }
}

extension PruningSpace {
  /// Whether a strategy from a file is one of this space.
  package func fits(_ strategy: Strategy) -> Bool {
    strategy.choices.count == units.count && strategy.pins.count == units.count
      && strategy.choices.indices.allSatisfy { allows(strategy.choices[$0], for: $0) }
  }
}
