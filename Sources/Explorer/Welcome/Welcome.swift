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
  /// The folder of that path, once it was read.
  package var completion: PathCompletion?
  /// The candidate under the cursor, below the path; nil while that has the keyboard.
  package private(set) var candidate: Int?
  /// The first line of the keys that are shown over everything; nil while they are not.
  package var help: Int?
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
        name: run.model, note: "\(run.length), \(run.title)", model: source, run: run.path)
    }
    runs = Array(usable.prefix(Self.runLimit))
  }

  /// The paths that can be chosen below the one being typed: what its folder has, at first the latest models.
  package var candidates: [String] {
    guard let path else { return [] }
    if path.text.isEmpty {
      var seen: Set<String> = []
      let recent = (runs ?? []).map(\.model).filter { seen.insert($0).inserted }
      return recent + (completion?.candidates(for: "") ?? []).filter { !seen.contains($0) }
    }
    return completion?.candidates(for: path.text) ?? []
  }

  /// The folder to be read next; nil if it is there, or no path is being typed.
  package var wantedFolder: String? {
    guard let path else { return nil }
    let folder = PathCompletion.folder(of: path.text)
    return completion?.folder == folder ? nil : folder
  }

  /// Takes a key.
  package mutating func press(_ key: Key) -> Outcome {
    problem = nil
    if let line = help {
      help = ListKeys.scroll(line, by: key, count: Keymap.bindings.count)
      return .stay
    }
    if var field = path { return type(key, in: &field) }
    switch key {
    case .character("?"): help = 0
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
    let candidates = candidates
    let chosen = candidate.flatMap { candidates.indices.contains($0) ? candidates[$0] : nil }
    switch key {
    case .control("c"): return .quit
    case .control("z"): return .suspend
    case .escape:
      if candidate == nil, entries.isEmpty { return .quit }
      if candidate == nil { path = nil }
      candidate = nil
      return .stay
    case .down, .up:
      guard !candidates.isEmpty else { return .stay }
      let next = (candidate ?? -1) + (key == .down ? 1 : -1)
      candidate = next < 0 ? nil : min(next, candidates.count - 1)
      return .stay
    case .tab:
      field = TextField(chosen ?? completion?.completed(field.text) ?? field.text)
    case .enter:
      let text = chosen ?? field.text
      guard !text.isEmpty else { return .stay }
      guard text.hasSuffix("/") else { return .open(model: text, run: nil) }
      field = TextField(text)
    default: _ = field.handle(key)
    }
    candidate = nil
    path = field
    return .stay
  }

  /// Goes on with the paths in a folder.
  package mutating func goInto(_ folder: String) {
    (path, candidate) = (TextField(folder.hasSuffix("/") ? folder : folder + "/"), nil)
  }

  /// Pasted text is the path of a file, typed or not.
  package mutating func paste(_ text: String) {
    var field = path ?? TextField()
    field.insert(text)
    (path, candidate) = (field, nil)
  }
}
