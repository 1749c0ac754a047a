package import Search
package import TerminalKit

/// The screen when no model is named: the samples, the latest runs, any other file.
package struct Welcome: Hashable, Sendable {
  /// A model or a run that can be opened.
  package struct Entry: Hashable, Sendable {
    /// Its name.
    package let name: String
    /// A note beside the name.
    package let note: String
    /// The model's file.
    package let model: String
    /// The stored run that is gone on with, if any.
    package let run: String?
  }

  /// The result of a key.
  package enum Outcome: Hashable, Sendable {
    /// The screen stays.
    case stay
    /// A model is to be opened.
    case open(model: String, run: String?)
    /// The program is to end.
    case quit
    /// The process is to be stopped until it is continued.
    case suspend
  }

  /// The models that come with the program.
  package let samples: [Entry]
  /// The latest runs whose model is still there; nil while they are looked for.
  package var runs: [Entry]?
  /// The one under the cursor, samples first.
  package var selected = 0
  /// The path being typed; nil while the list has the keyboard.
  package var path: TextField?
  /// Why the last one could not be opened.
  package var problem: String?
  /// Which characters are drawn.
  package let glyphs: GlyphSet

  /// Runs beyond this number are not listed.
  private static let runLimit = 12

  /// The screen before runs are known.
  ///
  /// - Parameter samples: folders that hold a `model.json`.
  package init(samples: [String], glyphs: GlyphSet) {
    self.samples = samples.map { folder in
      Entry(
        name: String(folder.split(separator: "/").last ?? ""), note: "sample",
        model: folder + "/model.json", run: nil)
    }
    self.glyphs = glyphs
    if samples.isEmpty { path = TextField() }
  }

  /// Everything that can be chosen.
  package var entries: [Entry] { samples + (runs ?? []) }

  /// Takes the stored runs, newest first; those without a model, or where nothing was done, are left out.
  package mutating func take(_ summaries: [RunFolder.Summary], exists: (String) -> Bool) {
    let usable = summaries.compactMap { run -> Entry? in
      guard run.isBegun, let source = run.source, exists(source) else { return nil }
      return Entry(
        name: run.model, note: "\(run.length), \(run.moment)", model: source, run: run.path)
    }
    runs = Array(usable.prefix(Self.runLimit))
  }

  /// Takes a key.
  package mutating func press(_ key: Key) -> Outcome {
    problem = nil
    if var field = path { return type(key, in: &field) }
    switch key {
    case .character("q"), .control("c"), .escape: return .quit
    case .control("z"): return .suspend
    case .character("o"), .character("/"): path = TextField()
    case .enter, .right, .character("l"):
      guard entries.indices.contains(selected) else { return .stay }
      return .open(model: entries[selected].model, run: entries[selected].run)
    default: selected = ListKeys.move(selected, by: key, count: entries.count)
    }
    return .stay
  }

  private mutating func type(_ key: Key, in field: inout TextField) -> Outcome {
    switch key {
    case .control("c"): return .quit
    case .control("z"): return .suspend
    case .escape:
      if entries.isEmpty { return .quit }
      path = nil
      return .stay
    case .enter where !field.text.isEmpty: return .open(model: field.text, run: nil)
    default: _ = field.handle(key)
    }
    path = field
    return .stay
  }

  /// Pasted text is the path of a file, typed or not.
  package mutating func paste(_ text: String) {
    var field = path ?? TextField()
    field.insert(text)
    path = field
  }
}
