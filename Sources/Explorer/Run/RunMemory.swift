package import Foundation
package import Patterns
internal import Search

/// What is kept of a run beside its episodes, so that whoever goes on with it finds everything as it was left.
package struct RunMemory: Hashable, Sendable, Codable {
  /// The strategy that the user made live last; nil if all are the search's own.
  package var adopted: Adopted?
  /// What the search aims at.
  package var aim: Aim
  /// The latest edits, to be undone and done again.
  package var edits: EditHistory
  /// Actions and events, latest last.
  package var log: [LogEntry]
  /// The images, where they are not those that the model names; nil in runs of older versions.
  package var images: DataChoice?
  /// The epochs and the rate of fine-tuning that were chosen last; nil in runs of older versions.
  package var tuning: TuningChoice?
  /// The points of the planner's front that were swept; nil in runs of older versions.
  package var sweep: [Sweep.Point]?
  /// The names of the groups that are folded.
  package var folded: Set<String>
  /// The pane that has the keyboard.
  package var focus: Pane
  /// Whether that pane fills the screen.
  package var isZoomed: Bool

  /// It as it is written.
  package var data: Data {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = Self.floats
    return (try? encoder.encode(self)) ?? Data()
  }

  // One number that JSON has no word for is not to cost all the rest.
  private static var floats: JSONEncoder.NonConformingFloatEncodingStrategy {
    .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  }
}

extension RunMemory {
  /// Earlier edits cannot be undone when the run is gone on with.
  static let editLimit = 20

  /// Reads what was written; nil for what this version does not understand, or what is of another model.
  package init?(_ data: Data, in space: PruningSpace) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let memory = try? decoder.decode(RunMemory.self, from: data),
      memory.adopted.map({ space.fits($0.strategy) }) ?? true, memory.aim.isPossible,
      memory.edits.areStrategies(space.fits),
      (memory.sweep ?? []).allSatisfy({ space.fits($0.step.strategy) })
    else { return nil }
    self = memory
  }
}

extension DataChoice {
  /// What was chosen in a stored run; everything as the model says if nothing was.
  init(ofRun path: String) {
    struct Memory: Decodable { let images: DataChoice? }
    let memory = RunFolder.memory(ofRun: path)
    self =
      memory.flatMap { try? JSONDecoder().decode(Memory.self, from: $0).images } ?? DataChoice()
  }
}

/// A strategy that the user made live.
package struct Adopted: Hashable, Sendable, Codable {
  /// Its choices; its pins hold.
  package let strategy: Strategy
  /// Episodes that had ended by then; the last step of a later one is live in its place.
  package let episodes: Int
}

extension ExplorerState {
  /// What is to be kept of the run; nil while nothing was done in it.
  package var memory: RunMemory? {
    guard run.isBegun else { return nil }
    return RunMemory(
      adopted: run.adopted, aim: run.aim, edits: run.edits.last(RunMemory.editLimit), log: run.log,
      images: model.data, tuning: run.tuning, sweep: run.sweep?.points, folded: layers.folded,
      focus: screen.focus,
      isZoomed: screen.isZoomed)
  }

  /// Goes on with a stored run: with what was remembered of it, and with what was done here while it was read.
  ///
  /// - Returns: the effects that tell the search what it does not know, and measure what is shown.
  mutating func resume(_ stored: StoredRun) -> [Effect] {
    var stored = stored
    stored.episodes = stored.episodes.map(model.timed)
    let memory = stored.memory.flatMap { RunMemory($0, in: model.space) }
    run.resume(stored, memory)
    let images = memory?.images ?? DataChoice()
    if !images.judgesLike(model.data) { model.forgetMeasurements() }
    model.data = images
    if let writer = stored.writer { say(writer.whyOnlyShown, .refusal) }
    if let memory {
      layers.fold(memory.folded, in: model)
      (screen.focus, screen.isZoomed) = (memory.focus, memory.isZoomed)
    }
    // Another program's search is told nothing.
    var effects: [Effect] = []
    if stored.writer == nil, run.live.pinned != stored.pins.pinned {
      effects.append(.pin(run.live.pinned))
    }
    if stored.writer == nil, run.aim != stored.settings.aim { effects.append(.steer(run.aim)) }
    return effects + (run.adopted == nil ? [] : run.measureIfNeeded(run.live, in: model))
  }

  /// Takes what has come to a run that another program writes.
  mutating func follow(_ news: StoredRun) {
    var news = news
    news.episodes = news.episodes.map(model.timed)
    if let writer = news.writer, writer != run.writer { say(writer.whyOnlyShown, .refusal) }
    run.take(news)
  }
}

extension RunWriter {
  /// Why the run is only shown, and how to go on with it.
  var whyOnlyShown: String {
    switch self {
    case .other(let program):
      "\(program) writes into this run; when that has ended, R enter, or --resume, takes it over"
    case .nobody: "no program writes into this run now; R enter, or --resume, takes it over"
    }
  }
}
