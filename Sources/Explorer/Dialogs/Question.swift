internal import Search

/// A question with a few answers, of which one is chosen by its key, or with the arrows and enter.
package struct Question: Hashable, Sendable {
  /// The results that an answer can have.
  package enum Action: Hashable, Sendable {
    /// The program ends.
    case quit
    /// The strategy shown is exported.
    case export
    /// Fine-tuning is cancelled.
    case cancelFineTuning
    /// A stored run is deleted.
    case deleteRun(String)
    /// All stays as it is.
    case stay
  }

  /// One of the answers.
  package struct Answer: Hashable, Sendable {
    /// The key that gives it.
    let key: String
    /// Its name.
    let name: String
    /// Its result.
    let action: Action

    init(_ key: String, _ name: String, _ action: Action) {
      (self.key, self.name, self.action) = (key, name, action)
    }
  }

  /// The title of its box.
  let title: String
  /// The reasons for and against.
  let message: String
  /// The answers, the one asked for first.
  let answers: [Answer]
  /// The one under the cursor.
  package private(set) var selected = 0

  init(title: String, message: String, answers: [Answer], selected: Int = 0) {
    (self.title, self.message, self.answers) = (title, message, answers)
    self.selected = selected
  }

  /// Puts the cursor on an answer.
  mutating func select(_ place: Int) { if answers.indices.contains(place) { selected = place } }

  /// Moves the cursor, around the end.
  mutating func move(by step: Int) { selected = (selected + step + answers.count) % answers.count }

  /// Whether to quit, though something speaks against it.
  package static func quit(_ reason: String) -> Question {
    Question(
      title: "─ Quit? ", message: reason,
      answers: [
        Answer("q", "quit", .quit), Answer("x", "export first", .export),
        Answer("esc", "stay", .stay),
      ])
  }

  /// Whether to delete a stored run.
  static func delete(_ run: RunOutcome) -> Question {
    let tuned = run.fineTuned == nil ? "" : " and the models that were fine-tuned in it"
    return Question(
      title: "─ Delete the run? ",
      message: "\(run.summary.title), \(run.summary.length)\(tuned): gone for good.",
      answers: [
        Answer("x", "delete it", .deleteRun(run.summary.path)), Answer("esc", "keep it", .stay),
      ], selected: 1)
  }

  /// Whether to cancel the fine-tuning under way.
  package static let cancelFineTuning = Question(
    title: "─ Cancel the fine-tuning? ",
    message: "The epoch under way is lost; f goes on after the last one that is done.",
    answers: [
      Answer("f", "cancel it", .cancelFineTuning), Answer("esc", "let it go on", .stay),
    ])
}
