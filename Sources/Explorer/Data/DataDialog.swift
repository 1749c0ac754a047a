package import Formats
package import TerminalKit

/// The choice of images, and of how they become the model's input; its effect is seen before it is made.
package struct DataDialog: Hashable, Sendable {
  /// Something that is chosen.
  package enum Row: Hashable, Sendable {
    /// The path of a split's images.
    case path(Split)
    /// The numbers by which an image becomes the input.
    case input
    /// One's own mean.
    case mean
    /// One's own deviation.
    case deviation
  }

  /// The one under the cursor.
  package private(set) var row = Row.path(.validation)
  /// The numbers by which an image becomes the input.
  package private(set) var preset = InputPreset.model
  /// The choice that holds now.
  package let now: DataChoice
  /// The files and folders where a path is being typed.
  package var completion: PathCompletion?
  /// What the latest choice was found to do.
  package var trial: DataTrial?
  private var paths: [Split: TextField]
  private var mean = TextField("0")
  private var deviation = TextField("1")
  private let presets: [InputPreset]

  /// A choice among everything, at what holds now.
  ///
  /// - Parameter channels: those of the model's input.
  package init(_ now: DataChoice, channels: Int) {
    self.now = now
    paths = Dictionary(
      uniqueKeysWithValues: DataChoice.splits.map { ($0, TextField(now[$0] ?? "")) })
    presets = InputPreset.allCases.filter { $0.suits(channels: channels) }
    guard let input = now.input else { return }
    preset = presets.first { $0.input == input } ?? .own
    mean = TextField(Self.text(input.mean))
    deviation = TextField(Self.text(input.deviation))
  }

  /// Everything that is chosen, from top to bottom.
  package var rows: [Row] {
    DataChoice.splits.map { .path($0) } + [.input]
      + (preset == .own ? [.mean, .deviation] : [])
  }

  /// The text of a row that is typed; nil of one that is not.
  package func field(_ row: Row) -> TextField? {
    switch row {
    case .path(let split): paths[split]
    case .mean: mean
    case .deviation: deviation
    case .input: nil
    }
  }

  /// What would be chosen; nil if one's own numbers are none.
  package var choice: DataChoice? {
    var choice = DataChoice()
    for (split, field) in paths where !field.text.isEmpty { choice[split] = field.text }
    choice.input = preset.input
    guard preset == .own else { return choice }
    guard let mean = Self.numbers(mean.text), let deviation = Self.numbers(deviation.text),
      deviation.allSatisfy({ $0 > 0 }), [1, deviation.count].contains(mean.count)
    else { return nil }
    let input = InputChoice(
      mean: mean.count == 1 ? [Float](repeating: mean[0], count: deviation.count) : mean,
      deviation: deviation)
    choice.input = input
    return choice
  }

  /// The folder whose names are wanted; nil if they are there, or no path is being typed.
  package var wantedFolder: String? {
    guard case .path = row, let path = field(row)?.text else { return nil }
    let folder = PathCompletion.folder(of: path)
    return completion?.folder == folder ? nil : folder
  }

  /// The paths that the one being typed may become.
  package var candidates: [String] {
    guard case .path = row, let path = field(row)?.text, !path.isEmpty else { return [] }
    return (completion?.candidates(for: path) ?? []).filter { $0 != path }
  }

  /// Goes to the next row, or with -1 to the one before.
  mutating func move(by step: Int) {
    let place = (rows.firstIndex(of: row) ?? 0) + step
    row = rows[min(max(0, place), rows.count - 1)]
  }

  /// Goes to a row.
  mutating func select(_ place: Int) { if rows.indices.contains(place) { row = rows[place] } }

  /// Does what a key does to the row under the cursor.
  mutating func handle(_ key: Key) {
    switch (row, key) {
    case (.path(let split), .tab):
      let text = paths[split]?.text ?? ""
      paths[split] = TextField(completion?.completed(text) ?? text)
    case (.path(let split), _): _ = paths[split]?.handle(key)
    case (.mean, _): _ = mean.handle(key)
    case (.deviation, _): _ = deviation.handle(key)
    case (.input, .right), (.input, .character(" ")), (.input, .character("l")): turn(by: 1)
    case (.input, .left), (.input, .character("h")): turn(by: -1)
    case (.input, _): break
    }
  }

  /// Inserts pasted text where it is typed.
  mutating func insert(_ text: String) {
    switch row {
    case .path(let split): paths[split]?.insert(text)
    case .mean: mean.insert(text)
    case .deviation: deviation.insert(text)
    case .input: break
    }
  }

  private mutating func turn(by step: Int) {
    let place = presets.firstIndex(of: preset) ?? 0
    if preset == .imageNet || preset == .cifar, let input = preset.input {
      // One's own begin with the last ones seen.
      (mean, deviation) = (
        TextField(Self.text(input.mean)), TextField(Self.text(input.deviation))
      )
    }
    preset = presets[(place + step + presets.count) % presets.count]
  }

  private static func numbers(_ text: String) -> [Float]? {
    let parts = text.split(whereSeparator: { $0 == "," || $0 == " " })
    let numbers = parts.compactMap { Float($0) }.filter(\.isFinite)
    return numbers.isEmpty || numbers.count != parts.count ? nil : numbers
  }

  private static func text(_ numbers: [Float]) -> String {
    numbers.map { "\($0)" }.joined(separator: ", ")
  }
}
